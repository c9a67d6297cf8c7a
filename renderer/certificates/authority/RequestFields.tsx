import { certificatePresets } from "../../../preload/contract/certificate-presets.ts";
import type { Output } from "../../../preload/contract/index.ts";
import { useRequest } from "../../client/queries.ts";
import { Checkbox, Select, TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notices.tsx";
import { type Decisions, overridden, profileFor } from "./issue-profile.ts";

/** What a request asks for, each piece taken over or left out, and what the certificate will say. */
export const RequestFields = (properties: {
  module: string;
  request: Output<"certificates.readRequest">;
  decisions: Decisions;
  onDecisions(decisions: Decisions): void;
}) => {
  const { module, request, decisions, onDecisions } = properties;
  const { data: plan } = useRequest("certificates.plan", { module, profile: profileFor(request, decisions) });
  return (
    <>
      <TextField
        label="Subject"
        value={decisions.subject}
        onChange={(subject) => onDecisions({ ...decisions, subject })}
        hint={decisions.subject === request.subject ? "As the request has it." : `The request has ${request.subject}.`}
      />
      <Select
        label="What it is for"
        value={decisions.preset}
        choices={[
          { value: "asked", title: "As the request asks" },
          ...certificatePresets.map(({ name, title, words }) => ({ value: name, title, description: words })),
        ]}
        onChange={(preset) => onDecisions({ ...decisions, preset })}
      />
      <fieldset className="check-list asked">
        <legend>Asked for</legend>
        {request.extensions.length === 0 ? <p className="muted">The request asks for no extensions.</p> : null}
        {request.extensions.map(({ oid, name, critical, words, part, notTaken }) => {
          const fixed = notTaken ?? (overridden(part, decisions.preset) ? "Set by the choice above." : null);
          return (
            <Checkbox
              key={oid}
              label={`${name}${critical ? ", critical" : ""}`}
              hint={[words, fixed].filter(Boolean).join(". ")}
              value={fixed === null && decisions.taken[oid] === true}
              onChange={(taken) => onDecisions({ ...decisions, taken: { ...decisions.taken, [oid]: taken } })}
              disabled={fixed !== null}
            />
          );
        })}
      </fieldset>
      {plan ? (
        <section aria-label="What the certificate says">
          <dl className="facts">
            <dt>Subject</dt>
            <dd>{plan.subject || <span className="muted">none</span>}</dd>
            {plan.lines.map(({ name, critical, value }) => (
              <PlanLine key={name} name={critical ? `${name}, critical` : name} value={value} />
            ))}
          </dl>
          {plan.problems.map(({ part, message }) => (
            <Notice key={part} look="danger">
              <p>{message}</p>
            </Notice>
          ))}
          {plan.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>{warning}</p>
            </Notice>
          ))}
        </section>
      ) : null}
    </>
  );
};

const PlanLine = ({ name, value }: { name: string; value: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </>
);
