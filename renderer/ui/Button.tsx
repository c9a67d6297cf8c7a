import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";

export const Button = (properties: {
  children: ReactNode;
  onPress?: () => void;
  look?: "plain" | "primary" | "danger" | "quiet";
  small?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  label?: string;
  autoFocus?: boolean;
  testId?: string;
}) => (
  <AriaButton
    className={`button ${properties.look ?? "plain"} ${properties.small ? "small" : ""}`}
    onPress={properties.onPress}
    isDisabled={properties.disabled}
    type={properties.type ?? "button"}
    aria-label={properties.label}
    autoFocus={properties.autoFocus}
    data-testid={properties.testId}
  >
    {properties.children}
  </AriaButton>
);
