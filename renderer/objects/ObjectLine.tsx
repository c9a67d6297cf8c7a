import { memo, type ReactNode } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Badge } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import { ClassIcon } from "./ClassIcon.tsx";
import { colonHex, shortHex } from "./ids.ts";
import type { Item } from "./rows.ts";
import { badgesOf, classWords, type Expiry, expiryOf, fittingBadges, keyWords, noLabelWords } from "./words.ts";

interface LineProperties {
  id: string;
  /** Among the table's lines, from 0. */
  index: number;
  /** Distance from the first line in CSS pixels. */
  top: number;
  active: boolean;
}

/** One object. */
export const ObjectLine = memo((properties: LineProperties & { row: ObjectRow; chosen: boolean; now: number }) => {
  const { row } = properties;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus and names the active line
    <div
      role="row"
      id={properties.id}
      aria-rowindex={properties.index + 2}
      data-index={properties.index}
      aria-selected={properties.chosen}
      className={`line object ${properties.active ? "active" : ""}`}
      style={{ transform: `translateY(${properties.top}px)` }}
    >
      <Cell name="class" index={1} title={row.className}>
        <ClassIcon name={row.class} />
        <span className="truncate class-word">
          {row.class === "other" ? row.className.replace(/^CKO_/, "") : classWords[row.class].one}
        </span>
      </Cell>
      <Cell name="label" index={2}>
        <Label row={row} />
      </Cell>
      <Cell name="id" index={3}>
        <span className="mono truncate" title={row.id ? colonHex(row.id) : undefined}>
          {shortHex(row.id)}
        </span>
      </Cell>
      <Cell name="key" index={4}>
        <span className="truncate" title={keyWords(row)}>
          {keyWords(row)}
        </span>
      </Cell>
      <Cell name="flags" index={5}>
        <Flags row={row} />
      </Cell>
      <Cell name="subject" index={6}>
        <span className="truncate" title={row.subject ?? row.application ?? undefined}>
          {row.subject ?? row.application ?? ""}
        </span>
      </Cell>
      <Cell name="expires" index={7}>
        <ExpiryWords expiry={expiryOf(row, properties.now)} />
      </Cell>
    </div>
  );
});

const Cell = (properties: { name: string; index: number; title?: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
  <div role="gridcell" aria-colindex={properties.index} className={`cell ${properties.name}`} title={properties.title}>
    {properties.children}
  </div>
);

const Label = ({ row }: { row: ObjectRow }) => (
  <>
    {row.label ? (
      <span className="truncate" title={row.label}>
        {row.label}
      </span>
    ) : (
      <span className="muted truncate" title={noLabelWords(row)}>
        {noLabelWords(row)}
      </span>
    )}
    {row.unreadable.length > 0 ? <Unreadable row={row} /> : null}
  </>
);

/** A small mark, so that the label stays in sight; which attributes they are is in its title and in the inspector. */
const Unreadable = ({ row: { unreadable } }: { row: ObjectRow }) => (
  <Badge look="warn" title={unreadable.map(({ attribute, rv }) => `${attribute}: not readable (${rv})`).join("\n")}>
    <span aria-hidden="true">⚠ {unreadable.length}</span>
    <span className="visually-hidden">{countWords(unreadable.length, "attribute")} not readable</span>
  </Badge>
);

const Flags = ({ row }: { row: ObjectRow }) => {
  const badges = badgesOf(row);
  const shown = fittingBadges(badges);
  const more = badges.length - shown.length;
  return (
    <span className="flag-badges" title={row.flags.join(", ")}>
      {shown.map(({ text, look, title }) => (
        <Badge key={text} look={look} title={title}>
          {text}
        </Badge>
      ))}
      {more > 0 ? <span className="muted more-wide">+{more}</span> : null}
      {badges.length > 1 ? <span className="muted more-narrow">+{badges.length - 1}</span> : null}
    </span>
  );
};

const looks: Record<Expiry["state"], string> = {
  none: "",
  valid: "",
  soon: "soon",
  expired: "expired",
  "not yet": "soon",
};

export const ExpiryWords = ({ expiry }: { expiry: Expiry }) => (
  <span className={`truncate expiry ${looks[expiry.state]}`} title={expiry.words}>
    {expiry.words}
  </span>
);

/** The head of what shares a CKA_ID. */
export const GroupLine = (properties: LineProperties & { item: Extract<Item, { kind: "group" }> }) => {
  const { id, rows, words, complete } = properties.item;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
    <div
      role="row"
      id={properties.id}
      aria-rowindex={properties.index + 2}
      data-index={properties.index}
      className="line group"
      style={{ transform: `translateY(${properties.top}px)` }}
    >
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
      <div role="gridcell" className="cell group" aria-colspan={7} aria-colindex={1}>
        <span className="mono truncate" title={id ? colonHex(id) : undefined}>
          {id ? shortHex(id) : "no CKA_ID"}
        </span>
        <span className="muted">{countWords(rows.length, "object")}</span>
        <span className={`truncate ${complete ? "muted" : "incomplete"}`} title={words}>
          {words}
        </span>
      </div>
    </div>
  );
};
