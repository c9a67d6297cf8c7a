import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover, Separator, Text } from "react-aria-components";

export interface MenuEntry {
  id: string;
  title: string;
  description?: string;
  onAction(): void;
  disabled?: boolean;
  /** Why it is disabled, in place of the description. */
  why?: string | null;
  danger?: boolean;
  /** A line above it. */
  separated?: boolean;
}

/** A button that opens a menu of actions. */
export const Menu = (properties: {
  title: string;
  label?: string;
  entries: MenuEntry[];
  look?: "plain" | "quiet";
  small?: boolean;
}) => (
  <MenuTrigger>
    <Button
      className={`button ${properties.look ?? "plain"} ${properties.small ? "small" : ""}`}
      aria-label={properties.label}
    >
      {properties.title} <span aria-hidden="true">▾</span>
    </Button>
    <Popover className="popover" placement="bottom end">
      <AriaMenu
        className="menu"
        onAction={(key) => properties.entries.find(({ id }) => id === key)?.onAction()}
        disabledKeys={properties.entries.filter(({ disabled }) => disabled).map(({ id }) => id)}
      >
        {properties.entries.flatMap((entry) => [
          ...(entry.separated ? [<Separator key={`${entry.id}-line`} className="menu-separator" />] : []),
          <MenuItem
            key={entry.id}
            id={entry.id}
            className={`menu-item ${entry.danger ? "danger" : ""}`}
            textValue={entry.title}
          >
            <Text slot="label">{entry.title}</Text>
            {descriptionOf(entry) ? (
              <Text slot="description" className="description">
                {descriptionOf(entry)}
              </Text>
            ) : null}
          </MenuItem>,
        ])}
      </AriaMenu>
    </Popover>
  </MenuTrigger>
);

const descriptionOf = ({ disabled, why, description }: MenuEntry): string | undefined =>
  disabled && why ? why : description;
