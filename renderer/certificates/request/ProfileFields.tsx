import type { OfferedPreset } from "../../../preload/contract/certificate-requests.ts";
import { errorOf } from "../../client/call.ts";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { AlternativeNames } from "./AlternativeNames.tsx";
import { type ProfileForm, withPreset } from "./profile-form.ts";
import { SubjectEditor } from "./SubjectEditor.tsx";
import { UsageFields } from "./UsageFields.tsx";
import type { useProfile } from "./useProfile.ts";
import "./request.css";

/** Everything that a certificate is to say: a preset to start from, names, uses. */
export const ProfileFields = (properties: {
  form: ProfileForm;
  onForm(form: ProfileForm): void;
  presets: OfferedPreset[];
  state: ReturnType<typeof useProfile>;
}) => {
  const { form, onForm, presets, state } = properties;
  return (
    <>
      <RadioCards
        label="What it is for"
        value={form.preset}
        cards={presets.map(({ name, title, words }) => ({ value: name, title, words }))}
        onChange={(name) => {
          const preset = presets.find((one) => one.name === name);
          if (preset) onForm(withPreset(form, preset));
        }}
      />
      <SubjectEditor
        value={form.subject}
        onChange={(subject) => onForm({ ...form, subject })}
        problem={state.problem("subject")}
      />
      <AlternativeNames
        names={form.san}
        onChange={(san) => onForm({ ...form, san })}
        problem={(row) => state.problem(`san.${row}`)}
      />
      <UsageFields form={form} onForm={onForm} problem={state.problem} />
    </>
  );
};

/** What the certificate will say, line by line, as far as it can be said yet. */
export const ProfilePreview = ({ state }: { state: ReturnType<typeof useProfile> }) => {
  const { plan, error } = state;
  const contradiction = state.problem("profile");
  if (error) return <ErrorNotice error={errorOf(error)} />;
  if (!plan) return null;
  return (
    <>
      {contradiction ? (
        <Notice look="danger">
          <p>{contradiction}</p>
        </Notice>
      ) : null}
      {plan.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      <section className="profile-preview" aria-label="What it will say">
        <h3>What it will say</h3>
        <dl className="facts">
          <dt>Subject</dt>
          <dd>{plan.subject || (state.problem("subject") ? "not readable yet" : "empty")}</dd>
          {plan.lines.map(({ name, critical, value }) => [
            <dt key={`${name} name`}>{name}</dt>,
            <dd key={`${name} value`}>
              {value}
              {critical ? <span className="muted"> (critical)</span> : null}
            </dd>,
          ])}
        </dl>
      </section>
    </>
  );
};
