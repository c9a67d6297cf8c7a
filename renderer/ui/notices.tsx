import { type ReactNode, useContext } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import { ErrorHelp } from "./error-help.ts";

/** What happened, its CKR name, where, and what to do. */
export const ErrorNotice = ({ error, children }: { error: ErrorData; children?: ReactNode }) => {
  const help = useContext(ErrorHelp)(error);
  return (
    <div className="notice danger" role="alert">
      <p className="title">
        {error.message} {error.rv ? <code>{error.rv}</code> : null}
      </p>
      {error.remedy ? <p>{error.remedy}</p> : null}
      <p className="where">Where: {error.where}</p>
      {children}
      {help}
    </div>
  );
};

export const Notice = ({
  look,
  title,
  children,
}: {
  look?: "warn" | "good" | "danger";
  title?: string;
  children?: ReactNode;
}) => (
  <div className={`notice ${look ?? ""}`}>
    {title ? <p className="title">{title}</p> : null}
    {children}
  </div>
);

export const Badge = ({
  look,
  children,
  title,
}: {
  look?: "good" | "warn" | "danger" | "accent";
  children: ReactNode;
  title?: string;
}) => (
  <span className={`badge ${look ?? ""}`} title={title}>
    {children}
  </span>
);

/** A place with nothing in it says what to do next. */
export const Empty = ({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) => (
  <div className="empty">
    <h2>{title}</h2>
    {children}
    {actions ? <div className="input-row">{actions}</div> : null}
  </div>
);
