import { Checkbox, TextField } from "../ui/fields.tsx";
import { useNow } from "../ui/useNow.ts";
import { ClassIcon } from "./ClassIcon.tsx";
import { ImportUsage } from "./ImportUsage.tsx";
import { type Chosen, withId } from "./importing.ts";
import { expiryOf, refTitle } from "./words.ts";

/** One thing in a file: what it is, what on the token it belongs to, and under which name it would be written. */
export const ImportItemFields = ({ chosen, onChosen }: { chosen: Chosen; onChosen(chosen: Chosen): void }) => {
  const { item, wanted } = chosen;
  const expiry = expiryOf({ notBefore: null, notAfter: item.notAfter }, useNow(item));
  return (
    <div className="import-item">
      <div className="import-what">
        <ClassIcon name={item.kind} />
        <Checkbox
          label={item.summary}
          value={wanted}
          onChange={(next) => onChosen({ ...chosen, wanted: next })}
          disabled={!item.offered}
        />
      </div>
      <p className="muted">
        {[
          item.issuer && item.issuer !== item.subject ? `issued by ${item.issuer}` : "",
          item.notAfter ? `valid until ${item.notAfter.slice(0, 10)}` : "",
        ]
          .filter(Boolean)
          .join(", ")}
        {expiry.state === "expired" ? <strong className="expiry expired"> expired</strong> : null}
      </p>
      <p>{item.matchWords}</p>
      {item.alreadyThere ? (
        <p className="import-warning">Already on the token: {refTitle(item.alreadyThere)}.</p>
      ) : item.notOfferedWhy ? (
        <p className="import-warning">{item.notOfferedWhy}</p>
      ) : null}
      {item.warnings.map((warning) => (
        <p key={warning} className="import-warning">
          {warning}
        </p>
      ))}
      {wanted ? <Names chosen={chosen} onChosen={onChosen} /> : null}
    </div>
  );
};

const Names = ({ chosen, onChosen }: { chosen: Chosen; onChosen(chosen: Chosen): void }) => {
  const { item } = chosen;
  const taken = item.idTaken.length > 0 && chosen.idProblem === null;
  return (
    <>
      <div className="import-names">
        <TextField label="Label" value={chosen.label} onChange={(label) => onChosen({ ...chosen, label })} />
        <TextField
          label="CKA_ID"
          value={chosen.id}
          onChange={(id) => onChosen(withId(chosen, id))}
          problem={chosen.idProblem}
          hint={taken ? `Also used by ${item.idTaken.map(refTitle).join(", ")}` : undefined}
          mono
        />
      </div>
      <ImportUsage chosen={chosen} onChosen={onChosen} />
      {item.kind === "privateKey" ? (
        <details className="advanced">
          <summary>Advanced: sensitive, extractable</summary>
          <div className="advanced-fields">
            <Checkbox
              label="Sensitive"
              hint="(CKA_SENSITIVE) its value can never be read in plain"
              value={chosen.sensitive}
              onChange={(sensitive) => onChosen({ ...chosen, sensitive })}
            />
            <Checkbox
              label="Extractable"
              hint="(CKA_EXTRACTABLE) it can leave the token, wrapped by another key"
              value={chosen.extractable}
              onChange={(extractable) => onChosen({ ...chosen, extractable })}
            />
          </div>
        </details>
      ) : null}
    </>
  );
};
