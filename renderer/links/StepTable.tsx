import type { RepairStep } from "../../preload/contract/links.ts";
import type { Address } from "../objects/tasks.ts";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";

const howWords: Record<RepairStep["how"], string> = {
  set: "C_SetAttributeValue",
  create: "C_CreateObject",
  replace: "write a copy, compare, delete the old object",
};

/** Every change with old and new value. */
export const StepTable = ({ steps, address }: { steps: RepairStep[]; address: Address }) => (
  <div className="link-steps">
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">Change</th>
          <th scope="col">Attribute</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      {steps.map(({ step, how, title, why, changes }) => (
        <tbody key={step}>
          {changes.map(({ attribute, old, oldWords, newWords }, index) => (
            <tr key={attribute}>
              {index === 0 ? (
                <td rowSpan={changes.length}>
                  {step}. {title}
                  <div className="muted">
                    {howWords[how]}. {why}
                  </div>
                </td>
              ) : null}
              <td className="mono nowrap">{attribute}</td>
              <td className="mono link-id">{old === null ? "" : oldWords}</td>
              <td className="mono link-id">{newWords}</td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
    {steps
      .slice(0, 4)
      .map(({ step, how, object, changes }) =>
        how === "set" && object ? (
          <EquivalentCommands
            key={step}
            request="objects.set"
            input={{ ...address, object, changes: changes.map(({ attribute, new: hex }) => ({ attribute, hex })) }}
          />
        ) : null,
      )}
  </div>
);
