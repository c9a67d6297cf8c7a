import { type ComponentProps, useEffect, useRef } from "react";
import { SecretField } from "../ui/fields.tsx";

/**
 * The field for a PIN that the token compares. After each try that failed it is a new one, hidden again, and it has the
 * focus once the flags are read again: the field of a typed confirmation, where Enter may have been pressed, leaves the
 * dialog until then, and the dialog looks for another place for the focus after the new field took it.
 */
export const PinTryField = ({
  tries,
  flagsRead,
  ...field
}: ComponentProps<typeof SecretField> & {
  /** Changes with each try. */
  tries: number;
  flagsRead: boolean;
}) => {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tries === 0 || !flagsRead) return;
    const frame = requestAnimationFrame(() => box.current?.querySelector("input")?.focus());
    return () => cancelAnimationFrame(frame);
  }, [tries, flagsRead]);
  return (
    <div ref={box}>
      <SecretField key={tries} {...field} />
    </div>
  );
};
