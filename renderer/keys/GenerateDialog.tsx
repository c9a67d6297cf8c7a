import { useEffect, useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { useRequest } from "../client/queries.ts";
import type { Address } from "../objects/tasks.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { GenerationDialog } from "./GenerationDialog.tsx";
import { startGeneration, useGenerations } from "./generations.ts";
import { KeyFields } from "./KeyFields.tsx";
import { PlanPreview, usePlan } from "./PlanPreview.tsx";
import { choiceOf, emptyForm, type KeyForm, specOf } from "./spec.ts";
import "./keys.css";

/** Makes a key on the token: what for first, then which; the templates are shown before anything is done. */
export const GenerateDialog = (properties: {
  address: Address;
  onGenerated(rows: ObjectRow[]): void;
  onRequest(row: ObjectRow): void;
  onSelfSign(row: ObjectRow): void;
  onClose(): void;
}) => {
  const { address, onClose } = properties;
  const [form, setForm] = useState<KeyForm>(emptyForm);
  const offer = useRequest("keys.offer", address);
  const choice = choiceOf(form, offer.data?.kinds ?? []);
  const spec = choice ? specOf(form, choice) : null;
  const plan = usePlan(address, spec);
  const generations = useGenerations(address.module, address.token);
  const [shown, setShown] = useState(() => generations.at(-1)?.id ?? null);
  const generation = generations.find(({ id }) => id === shown);

  useEffect(() => {
    // Failed: back to the form, which still holds what was typed, once the error has been read and closed.
    if (shown !== null && !generation) setShown(null);
  }, [shown, generation]);

  if (generation) return <GenerationDialog {...properties} generation={generation} onBack={() => setShown(null)} />;

  const taken = (plan.data?.taken.length ?? 0) > 0 && form.label !== "";
  return (
    <Dialog
      title="Generate key"
      action="Generate"
      wide
      onAction={() => spec && setShown(startGeneration(address.module, address.token, spec))}
      actionDisabled={!spec || spec.label === "" || (taken && !form.allowDuplicate)}
      onClose={onClose}
    >
      {offer.error ? <ErrorNotice error={offer.error.data} /> : null}
      {offer.isPending ? (
        <p className="muted">
          Asking the token what it can generate <Elapsed />
        </p>
      ) : null}
      {offer.data && !choice ? <Notice look="warn" title="This token generates no keys that Tokenglass knows" /> : null}
      {choice ? (
        <>
          <KeyFields form={form} onForm={setForm} choice={choice} offers={offer.data?.kinds ?? []} />
          <PlanPreview plan={plan} form={form} onForm={setForm} taken={taken} />
        </>
      ) : null}
      {offer.data && offer.data.notOffered.length > 0 ? (
        <details className="not-offered">
          <summary>What this token does not offer, and why</summary>
          <ul>
            {offer.data.notOffered.map(({ kind, why }) => (
              <li key={kind}>
                <strong>{kind}</strong> <span className="muted">{why}</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {spec ? (
        <EquivalentCommands
          request="keys.generate"
          input={{ ...address, spec: { ...spec, label: spec.label || "LABEL" } }}
        />
      ) : null}
    </Dialog>
  );
};
