import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { Badge, Notice } from "../../ui/notices.tsx";

/** Extensions and attributes, by name, decoded; unknown ones by OID with their bytes. */
export const Extensions = ({ item: { extensions, attributes } }: { item: ViewedItem }) => (
  <>
    {extensions.length > 0 ? (
      <section aria-label="Extensions">
        <h3>Extensions</h3>
        <ul className="view-extensions">
          {extensions.map((extension) => (
            <li key={`${extension.oid} ${extension.hex}`}>
              <header>
                <strong>{extension.name ?? extension.oid}</strong>
                {extension.name ? <span className="muted">{extension.oid}</span> : <Badge>unknown</Badge>}
                {extension.critical ? <Badge look="warn">critical</Badge> : null}
              </header>
              <Lines lines={extension.lines} />
              {extension.problem ? (
                <Notice look="danger">
                  <p>{extension.problem}.</p>
                </Notice>
              ) : null}
              {extension.problem || extension.lines.length === 0 ? (
                <Raw hex={extension.hex} size={extension.size} />
              ) : null}
            </li>
          ))}
        </ul>
      </section>
    ) : null}
    {attributes.length > 0 ? (
      <section aria-label="Attributes">
        <h3>Attributes</h3>
        <ul className="view-extensions">
          {attributes.map(({ oid, name, lines }) => (
            <li key={oid}>
              <header>
                <strong>{name ?? oid}</strong>
                {name && oid.includes(".") ? <span className="muted">{oid}</span> : null}
              </header>
              <Lines lines={lines} />
            </li>
          ))}
        </ul>
      </section>
    ) : null}
  </>
);

const Lines = ({ lines }: { lines: string[] }) => (
  <>
    {lines.map((line, at) => (
      // Lines may repeat, and never move.
      <p key={at} className={line.startsWith("  ") ? "inner-line" : ""}>
        {line}
      </p>
    ))}
  </>
);

const Raw = ({ hex, size }: { hex: string; size: number }) => (
  <p>
    <code>{(hex.slice(0, 256).match(/../g) ?? []).join(" ")}</code>
    {size > 128 ? <span className="muted"> … ({size} bytes)</span> : null}
  </p>
);
