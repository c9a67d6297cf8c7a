import type { ErrorData } from "../../preload/contract/errors.ts";
import { Checkbox } from "../ui/fields.tsx";

/** Offered once a request was refused because a label or CKA_ID is taken; nothing was written by then. */
export const DuplicateConsent = (properties: {
  error: ErrorData | null;
  value: boolean;
  onChange(value: boolean): void;
}) =>
  properties.error?.code === "ALREADY_USED" || properties.value ? (
    <Checkbox
      label="Write it nevertheless"
      hint="two objects will then have the same name or CKA_ID"
      value={properties.value}
      onChange={properties.onChange}
    />
  ) : null;
