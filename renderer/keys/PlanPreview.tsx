import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { KeySpec } from "../../preload/contract/keys.ts";
import { call, errorOf } from "../client/call.ts";
import type { Address } from "../objects/tasks.ts";
import { refTitle } from "../objects/words.ts";
import { Checkbox } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import type { KeyForm } from "./spec.ts";

type Plan = Output<"keys.plan">;

/** Milliseconds without typing before the plan is asked for. */
const settle = 200;

/** What a generation would do, asked for while the form is filled in. */
export const usePlan = (address: Address, spec: KeySpec | null) => {
  // A plan needs a label; before one is typed, the rest is of interest already.
  const wanted = JSON.stringify(spec && { ...spec, label: spec.label || "label" });
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), settle);
    return () => clearTimeout(timer);
  }, [wanted]);
  return useQuery({
    queryKey: ["keys.plan", address, settled],
    queryFn: () => call("keys.plan", { ...address, spec: JSON.parse(settled) as KeySpec }),
    enabled: settled !== "null",
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
};

export const PlanPreview = (properties: {
  plan: ReturnType<typeof usePlan>;
  form: KeyForm;
  onForm(form: KeyForm): void;
  taken: boolean;
}) => {
  const { plan, form, onForm, taken } = properties;
  if (plan.error) return <ErrorNotice error={errorOf(plan.error)} />;
  if (!plan.data) return null;
  return (
    <>
      {plan.data.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      {taken ? (
        <Notice look="warn" title="Label or CKA_ID used already">
          <p>
            {plan.data.taken.map(refTitle).join(", ")}. Programs that look for a key by name may take the wrong one.
          </p>
          <Checkbox
            label="Generate nevertheless"
            value={form.allowDuplicate}
            onChange={(allowDuplicate) => onForm({ ...form, allowDuplicate })}
          />
        </Notice>
      ) : null}
      <details className="templates">
        <summary>
          Templates for <code>{plan.data.mechanism}</code>
        </summary>
        <Template
          title={plan.data.publicTemplate.length > 0 ? "Private key" : "Secret key"}
          rows={plan.data.privateTemplate}
        />
        {plan.data.publicTemplate.length > 0 ? <Template title="Public key" rows={plan.data.publicTemplate} /> : null}
      </details>
    </>
  );
};

const Template = ({ title, rows }: { title: string; rows: Plan["privateTemplate"] }) => (
  <table className="template">
    <caption>{title}</caption>
    <thead className="visually-hidden">
      <tr>
        <th scope="col">Attribute</th>
        <th scope="col">Value</th>
        <th scope="col">Why</th>
      </tr>
    </thead>
    <tbody>
      {rows.map(({ name, value, why }) => (
        <tr key={name}>
          <td className="mono">{name}</td>
          <td className="mono value">{value}</td>
          <td className="muted">{why}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
