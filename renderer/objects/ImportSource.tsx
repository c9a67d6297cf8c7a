import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import { call, errorOf } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { SecretField } from "../ui/fields.tsx";
import { ErrorNotice, Notice } from "../ui/notices.tsx";
import { ImportItemFields } from "./ImportItemFields.tsx";
import { type Chosen, proposed } from "./importing.ts";
import type { Address } from "./tasks.ts";

export interface Source {
  password: string;
  chosen: Record<number, Chosen>;
}

/** One file: opened (with a password, if it has one), its items shown. */
export const ImportSource = (properties: {
  address: Address;
  fileName: string;
  content: string;
  done: boolean;
  onSource(source: Source): void;
  onRemove(): void;
}) => {
  const { address, fileName, content, done, onSource } = properties;
  const [password, setPassword] = useState("");
  const [source, setSource] = useState<Source | null>(null);
  const change = (next: Source) => {
    setSource(next);
    onSource(next);
  };
  const open = useMutation({
    mutationFn: (secret: string) =>
      call("objects.importPreview", { ...address, fileName, content, ...(secret ? { password: secret } : {}) }),
    onSuccess: ({ items }, secret) =>
      change({
        password: secret,
        chosen: Object.fromEntries(items.map((item) => [item.index, proposed(item)])),
      }),
  });
  const start = useRef(open.mutate);
  useEffect(() => start.current(""), []);
  const error = open.error ? errorOf(open.error) : null;
  const locked = error?.code === "PASSWORD_NEEDED" || error?.code === "PASSWORD_WRONG";
  return (
    <section className="import-source" aria-label={fileName}>
      <header>
        <h3>{fileName}</h3>
        <span className="muted">{open.data?.format ?? ""}</span>
        {done ? <span className="badge good">written</span> : null}
        <span className="spring" />
        <Button small look="quiet" label={`Remove ${fileName}`} onPress={properties.onRemove} disabled={done}>
          Remove
        </Button>
      </header>
      {open.isPending ? (
        <p className="muted">
          Opening <Elapsed />
        </p>
      ) : null}
      {error && error.code !== "PASSWORD_NEEDED" ? <ErrorNotice error={error} /> : null}
      {locked ? (
        <div className="import-password">
          <SecretField
            label={`Password of ${fileName}`}
            value={password}
            onChange={setPassword}
            hint="The file is encrypted. The password is used to open it and is not kept."
            autoFocus
          />
          <Button look="primary" onPress={() => open.mutate(password)} disabled={password === "" || open.isPending}>
            Open
          </Button>
        </div>
      ) : null}
      <Items preview={open.data} source={source} onSource={change} />
    </section>
  );
};

const Items = (properties: {
  preview: Output<"objects.importPreview"> | undefined;
  source: Source | null;
  onSource(source: Source): void;
}) => {
  const { preview, source, onSource } = properties;
  if (!preview || !source) return null;
  return (
    <>
      {preview.warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      {preview.items.length === 0 ? <p className="muted">Nothing in it can be written to a token.</p> : null}
      {Object.values(source.chosen).map((chosen) => (
        <ImportItemFields
          key={chosen.item.index}
          chosen={chosen}
          onChosen={(next) => onSource({ ...source, chosen: { ...source.chosen, [next.item.index]: next } })}
        />
      ))}
    </>
  );
};
