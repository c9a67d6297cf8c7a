import { useEffect, useRef } from "react";

/** What is pasted while nothing is being typed and no dialog is open. @param take tells whether it has taken it */
export const usePaste = (take: (pasted: DataTransfer) => boolean, disabled = false): void => {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    if (disabled) return;
    const onPaste = (event: ClipboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable]");
      if (typing || document.querySelector(".modal-overlay") || !event.clipboardData) return;
      if (latest.current(event.clipboardData)) event.preventDefault();
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [disabled]);
};
