import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { Checkbox, SecretField, TextField } from "../../ui/fields.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";
import { countWords } from "../../ui/words.ts";
import { colons } from "./confirm.ts";
import { Views } from "./Views.tsx";
import type { Written } from "./WriteForm.tsx";
import { WrittenStore } from "./WrittenStore.tsx";

type ReadStoreData = Output<"truststores.read">;

/** An existing store: what each program sees in it, repair, and taking entries out. */
export const ReadStore = () => {
  const [path, setPath] = useState("");
  const [password, setPassword] = useState("");
  const [store, setStore] = useState<ReadStoreData | null>(null);
  const [written, setWritten] = useState<Written | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const read = useAction("truststores.read", (value) => {
    setStore(value);
    setChosen(new Set());
  });
  const secret = password === "" ? {} : { password };
  const changed = (value: Written) => {
    setWritten(value);
    read.run({ path, ...secret });
  };
  const repair = useAction("truststores.repair", changed);
  const remove = useAction("truststores.remove", changed);
  const look = () => {
    setWritten(null);
    setStore(null);
    read.run({ path, ...secret });
  };
  const error = read.error ?? repair.error ?? remove.error;
  const busy = read.busy || repair.busy || remove.busy;
  return (
    <section className="section" aria-label="Read a store">
      <h2>Look into a store</h2>
      <form
        className="store-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== "" && !busy) look();
        }}
      >
        <TextField
          label="File or folder"
          value={path}
          onChange={setPath}
          mono
          hint="PEM, PKCS#7, PKCS#12, JKS, NSS database, hashed directory, authorized_keys. The whole path; ~/ is your own folder."
        />
        <SecretField label="Its password, if it has one" value={password} onChange={setPassword} />
        {error ? <ErrorNotice error={error} /> : null}
        <p className="store-write">
          <Button type="submit" disabled={path.trim() === "" || busy}>
            See what programs see
          </Button>
          {busy ? (
            <span className="muted">
              Asking <Elapsed />
            </span>
          ) : null}
        </p>
      </form>
      {written ? <WrittenStore written={written} /> : null}
      {store ? (
        <>
          <p>
            <strong>{store.title}</strong>, {countWords(store.entries.length, "entry", "entries")}
            {store.privateKeys > 0
              ? `; ${countWords(store.privateKeys, "private key")} in it: this is a key store, and they are left as they are`
              : ""}
          </p>
          {store.repair ? (
            <Notice look="warn" title="Java does not trust what is in it">
              <p>{store.repair}</p>
              <p>
                <Button look="primary" disabled={busy} onPress={() => repair.run({ path, ...secret })}>
                  Repair it
                </Button>
              </p>
            </Notice>
          ) : null}
          {store.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>{warning}</p>
            </Notice>
          ))}
          {written ? null : <Views views={store.views} />}
          <ul className="store-entries" aria-label="Entries of the store">
            {store.entries.map(({ sha256, alias, subject, keyWords, notAfter, warnings }) => (
              <li key={sha256}>
                <Checkbox
                  label={alias || subject || keyWords}
                  hint={[subject, notAfter ? `until ${notAfter.slice(0, 10)}` : null, ...warnings]
                    .filter(Boolean)
                    .join(" · ")}
                  value={chosen.has(sha256)}
                  onChange={(on) => setChosen(on ? new Set([...chosen, sha256]) : without(chosen, sha256))}
                />
                <code className="store-print">{colons(sha256)}</code>
              </li>
            ))}
          </ul>
          {store.entries.length > 0 ? (
            <p>
              <Button
                look="danger"
                disabled={chosen.size === 0 || busy}
                onPress={() => remove.run({ path, format: store.format, sha256: [...chosen], ...secret })}
              >
                {chosen.size === 0 ? "Take out the chosen ones" : `Take out ${chosen.size}`}
              </Button>{" "}
              <span className="muted">All others stay, and a copy of the store is kept.</span>
            </p>
          ) : null}
        </>
      ) : null}
    </section>
  );
};

const without = (set: ReadonlySet<string>, one: string): ReadonlySet<string> => {
  const left = new Set(set);
  left.delete(one);
  return left;
};
