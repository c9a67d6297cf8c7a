import type { AttributeRow, ObjectRow } from "../../preload/contract/objects.ts";
import { useRequest } from "../client/queries.ts";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import { colonHex } from "./ids.ts";
import type { Address, ObjectTask } from "./tasks.ts";
import { refOf } from "./words.ts";

/** Every attribute that the class knows: decoded, raw on demand, and why one cannot be read. */
export const AttributeLens = (properties: {
  address: Address;
  row: ObjectRow;
  writeProtected: boolean;
  onTask(task: ObjectTask): void;
}) => {
  const { address, row, writeProtected, onTask } = properties;
  const { data, error } = useRequest("objects.attributes", { ...address, object: refOf(row) });
  return (
    <section className="lens" aria-label="Attributes">
      <h3>Attributes</h3>
      {error ? <ErrorNotice error={error.data} /> : null}
      {!data && !error ? (
        <p className="muted">
          Reading every attribute <Elapsed />
        </p>
      ) : null}
      <dl>
        {data?.attributes.map((attribute) => (
          <Attribute
            key={attribute.attribute}
            attribute={attribute}
            editable={attribute.editable && !writeProtected}
            onEdit={() => onTask(editTask(row, attribute))}
          />
        ))}
      </dl>
    </section>
  );
};

const editTask = (row: ObjectRow, attribute: AttributeRow): ObjectTask => {
  if (attribute.name === "CKA_LABEL") return { kind: "rename", row };
  if (attribute.name === "CKA_ID") return { kind: "id", row };
  return { kind: "attribute", row, attribute };
};

const Attribute = (properties: { attribute: AttributeRow; editable: boolean; onEdit(): void }) => {
  const { attribute, editable, onEdit } = properties;
  return (
    <div className="attribute">
      <dt title={attribute.about}>
        <code>{attribute.name}</code>
        {editable ? (
          <Button small look="quiet" label={`Edit ${attribute.name}`} onPress={onEdit}>
            Edit
          </Button>
        ) : null}
      </dt>
      <dd>
        {attribute.rv ? (
          <span className="unreadable">
            not readable (<code>{attribute.rv}</code>)
          </span>
        ) : (
          <span className={attribute.kind === "bytes" || attribute.kind === "integer" ? "mono value" : "value"}>
            {attribute.decoded === "" ? <span className="muted">empty</span> : attribute.decoded}
          </span>
        )}
        {attribute.hex ? (
          <details className="raw">
            <summary>raw, {countWords(attribute.length ?? attribute.hex.length / 2, "byte")}</summary>
            <code>{colonHex(attribute.hex)}</code>
            <Button
              small
              label={`Copy ${attribute.name} as hexadecimal`}
              onPress={() => void copyText(attribute.hex ?? "", attribute.name)}
            >
              Copy
            </Button>
          </details>
        ) : null}
      </dd>
    </div>
  );
};
