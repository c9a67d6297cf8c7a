import { toast } from "./toasts.tsx";

/** Puts text on the clipboard and says so. */
export const copyText = async (text: string, what: string): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without clipboard permission, the selection's own copy still works.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast({ title: `${what} copied`, text });
};
