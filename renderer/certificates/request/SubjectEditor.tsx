import { TextField } from "../../ui/fields.tsx";
import { partsOfSubject, subjectFields, subjectOfParts, withPart } from "./subject-text.ts";

/** A subject as text by RFC 4514 and field by field: the text is what counts, the fields are read from it. */
export const SubjectEditor = (properties: { value: string; onChange(value: string): void; problem: string | null }) => {
  const { value, onChange } = properties;
  const parts = partsOfSubject(value);
  const types = parts
    ? [
        ...subjectFields,
        ...[...new Set(parts.map(({ type }) => type))]
          .filter((type) => !subjectFields.some((field) => field.type === type))
          .map((type) => ({ type, title: type })),
      ]
    : [];
  return (
    <>
      <TextField
        label="Subject"
        value={value}
        onChange={onChange}
        hint="RFC 4514, e.g. CN=Ada Lovelace,O=Example,C=DE"
        problem={properties.problem}
        autoFocus
        selected
      />
      <details className="advanced">
        <summary>Field by field</summary>
        {parts ? (
          <div className="subject-fields">
            {types.flatMap(({ type, title }) => {
              const values = parts.filter((part) => part.type === type).map((part) => part.value);
              return (values.length > 0 ? values : [""]).map((shown, index) => (
                <TextField
                  // The place within its type is what the field is.
                  key={`${type} ${String(index)}`}
                  label={index === 0 ? title : `${type} ${index + 1}`}
                  value={shown}
                  onChange={(next) => onChange(subjectOfParts(withPart(parts, type, index, next)))}
                />
              ));
            })}
          </div>
        ) : (
          <p className="muted">
            The text cannot be shown in fields: it has several values in one part, or is no subject.
          </p>
        )}
      </details>
    </>
  );
};
