import { type DragEvent, useState } from "react";

/**
 * Files that are dropped on an element. React hands it also what is dropped on a dialog that it opened, though that lies
 * elsewhere on the page: those files are the dialog's.
 */
export const useDrop = (onFiles: (files: File[]) => void) => {
  const [over, setOver] = useState(false);
  const isOwn = ({ currentTarget, target }: DragEvent) => currentTarget.contains(target as Node);
  return {
    over,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(isOwn(event));
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        const files = [...event.dataTransfer.files];
        if (files.length === 0) return;
        event.preventDefault();
        setOver(false);
        if (isOwn(event)) onFiles(files);
      },
    },
  };
};
