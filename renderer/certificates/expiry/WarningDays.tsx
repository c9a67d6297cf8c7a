import { type FormEvent, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/fields.tsx";
import { useAction } from "../../ui/useAction.ts";
import { daysFrom } from "./warning-days.ts";

/** The days before an end at which the overview and the calendar warn: a setting. */
export const WarningDays = ({ days }: { days: number[] }) => {
  const [text, setText] = useState<string | null>(null);
  const save = useAction("app.setSettings", () => setText(null));
  const current = days.join(", ");
  if (text === null)
    return (
      <p className="muted">
        Warns {current} {days.length === 1 && days[0] === 1 ? "day" : "days"} before the end.{" "}
        <Button small onPress={() => setText(current)}>
          Change warning days
        </Button>
      </p>
    );
  const { days: read, problem } = daysFrom(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read) save.run({ expiryWarningDays: read });
  };
  return (
    <form className="path-form" onSubmit={submit}>
      <TextField
        label="Warn this many days before the end"
        value={text}
        onChange={setText}
        problem={save.error?.message ?? problem}
        hint="Several with commas; each is an alarm in the calendar."
        autoFocus
      />
      <Button type="submit" disabled={read === null || save.busy}>
        Save
      </Button>
      <Button onPress={() => setText(null)}>Cancel</Button>
    </form>
  );
};
