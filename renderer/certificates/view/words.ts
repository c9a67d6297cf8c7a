import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { asksPassword } from "../../client/asks-password.ts";
import { soonDays } from "../../objects/words.ts";
import { countWords } from "../../ui/words.ts";

type Look = "good" | "warn" | "danger";

/** The one word that matters most about an item; null: nothing to say. */
export const stateBadge = ({ problems, validity, signature }: ViewedItem): { text: string; look: Look } | null => {
  if (problems.some(asksPassword)) return { text: "encrypted", look: "warn" };
  if (problems.length > 0) return { text: "damaged", look: "danger" };
  if (signature?.check?.good === false) return { text: "bad signature", look: "danger" };
  if (validity?.state === "expired") return { text: "expired", look: "danger" };
  if (validity?.state === "not yet") return { text: "not yet", look: "warn" };
  if (validity && validity.daysLeft <= soonDays) return { text: "soon", look: "warn" };
  return null;
};

/** "valid, 12 days left" */
export const validityWords = ({ state, daysLeft }: NonNullable<ViewedItem["validity"]>): string => {
  if (state === "expired") return `expired ${countWords(-daysLeft - 1, "day")} ago`;
  if (state === "not yet") return "not valid yet";
  return `valid, ${countWords(daysLeft, "day")} left`;
};

/** "good, by its own key" */
export const signatureWords = ({ check }: NonNullable<ViewedItem["signature"]>): string => {
  if (!check) return "not checked: the issuer's certificate is not among what is open here";
  return check.good ? `good, by ${check.by}` : `${check.why ?? "bad"} Checked with ${check.by}.`;
};

/** Name for a file that holds the item. */
export const itemFileName = (title: string): string =>
  title
    .replace(/^\*/, "wildcard")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60) || "certificate";
