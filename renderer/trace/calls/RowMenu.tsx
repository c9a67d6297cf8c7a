import { Fragment, useRef } from "react";
import { Header, Menu, MenuItem, MenuSection, Popover, Separator, Text } from "react-aria-components";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { copyText } from "../../ui/copy.ts";
import { type OpenedTrace, patchTrace } from "../opened.ts";
import { termsFor, withTerm } from "./filter-text.ts";
import { lineText } from "./line-text.ts";

const ways = [
  { how: "only", title: "Show only" },
  { how: "not", title: "Leave out" },
] as const;

/** What can be filtered by on a row; where the mouse is, or below the row. */
export const RowMenu = ({
  trace,
  row,
  place,
  onClose,
}: {
  trace: OpenedTrace;
  row: TraceRow;
  place: { x: number; y: number };
  onClose(): void;
}) => {
  const anchor = useRef<HTMLSpanElement>(null);
  const terms = termsFor(row);
  const onAction = (key: string) => {
    const [how, id] = key.split(" ");
    const term = terms.find((one) => one.id === id)?.term;
    if (term && how === "only") patchTrace(trace.id, { filter: withTerm(trace.filter, term, true), only: true });
    else if (term && how === "not")
      patchTrace(trace.id, { filter: withTerm(trace.filter, term.replace(":", "!="), true) });
    else if (key === "copy") void copyText(lineText(row), "Row");
  };
  return (
    <>
      <span ref={anchor} aria-hidden="true" className="menu-anchor" style={{ left: place.x, top: place.y }} />
      <Popover
        className="popover"
        isOpen
        triggerRef={anchor}
        placement="bottom start"
        onOpenChange={(open) => {
          if (!open) onClose();
        }}
      >
        <Menu
          className="menu"
          aria-label={`Row ${row.row}`}
          autoFocus="first"
          onAction={(key) => {
            onClose();
            onAction(String(key));
          }}
        >
          {ways.map(({ how, title: head }) => (
            <Fragment key={how}>
              <MenuSection>
                <Header className="menu-header">{head}</Header>
                {terms.map(({ id, title }) => (
                  <MenuItem key={id} id={`${how} ${id}`} className="menu-item" textValue={title}>
                    <Text slot="label">{title}</Text>
                  </MenuItem>
                ))}
              </MenuSection>
              <Separator className="menu-separator" />
            </Fragment>
          ))}
          <MenuItem id="copy" className="menu-item" textValue="Copy row">
            <Text slot="label">Copy row</Text>
          </MenuItem>
        </Menu>
      </Popover>
    </>
  );
};
