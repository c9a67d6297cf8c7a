import type { NameView, ViewedItem } from "../../../preload/contract/x509.ts";
import { Button } from "../../ui/Button.tsx";
import { copyText } from "../../ui/copy.ts";

/** Subject and issuer as each program spells them. */
export const NamesTab = ({ item: { subject, issuer } }: { item: ViewedItem }) => (
  <>
    {subject ? <Name title="Subject" name={subject} /> : null}
    {issuer && issuer.der !== subject?.der ? <Name title="Issuer" name={issuer} /> : null}
    {issuer && issuer.der === subject?.der ? <p className="muted">The issuer has the same name.</p> : null}
  </>
);

const Name = ({ title, name }: { title: string; name: NameView }) => (
  <section aria-label={title}>
    <h3>{title}</h3>
    {name.spellings.length === 0 ? <p className="muted">The name is empty.</p> : null}
    <ul className="view-spellings">
      {name.spellings.map((spelling) => (
        <li key={spelling.id}>
          <header>
            <strong>{spelling.title}</strong>
            <Button
              small
              label={`Copy ${title} for ${spelling.title}`}
              onPress={() => void copyText(spelling.text, spelling.title)}
            >
              Copy
            </Button>
          </header>
          <code>{spelling.text}</code>
          {spelling.note ? <p className="muted">{spelling.note}</p> : null}
        </li>
      ))}
    </ul>
    <details className="view-parts">
      <summary>Parts in the order of the certificate</summary>
      <dl className="facts">
        {name.parts.flatMap((parts, at) =>
          parts.map(({ type, oid, value, encoding }, within) => [
            <dt key={`${at} ${within}`}>
              {within > 0 ? "+ " : ""}
              {type} <span className="muted">{oid === type ? "" : oid}</span>
            </dt>,
            <dd key={`${at} ${within} value`}>
              {value} <span className="muted">{encoding}</span>
            </dd>,
          ]),
        )}
      </dl>
    </details>
  </section>
);
