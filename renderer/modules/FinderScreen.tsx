import { useQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import type { Candidate } from "../../preload/contract/modules.ts";
import { call, errorOf } from "../client/call.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { TextField } from "../ui/fields.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { AddModuleDialog } from "./AddModuleDialog.tsx";
import { BrowseDialog } from "./BrowseDialog.tsx";
import { CandidateCells } from "./CandidateCells.tsx";
import { OwnStoreRow, type StoreToAdd } from "./OwnStoreRow.tsx";

type ToAdd = { path: string } & Partial<StoreToAdd>;

/** Modules that are installed here, and adding one by path. */
export const FinderScreen = () => {
  const [adding, setAdding] = useState<ToAdd | null>(null);
  const [browsing, setBrowsing] = useState(false);
  const [path, setPath] = useState("");
  return (
    <>
      <header className="work-head">
        <h1>Add a module</h1>
      </header>
      <div className="work-body">
        <section className="section">
          <h2>By its path</h2>
          <form
            className="path-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (path.trim()) setAdding({ path: path.trim() });
            }}
          >
            <TextField
              label="Path of the PKCS#11 library"
              value={path}
              onChange={setPath}
              placeholder="/usr/lib/…/vendor-pkcs11.so"
              mono
            />
            <Button onPress={() => setBrowsing(true)}>Browse…</Button>
            <Button type="submit" look="primary" disabled={path.trim() === ""}>
              Look at it
            </Button>
          </form>
        </section>
        <Found onAdd={setAdding} />
      </div>
      {browsing ? (
        <BrowseDialog
          start={path}
          onChoose={(chosen) => {
            setBrowsing(false);
            setPath(chosen);
            setAdding({ path: chosen });
          }}
          onClose={() => setBrowsing(false)}
        />
      ) : null}
      {adding ? <AddModuleDialog {...adding} onClose={() => setAdding(null)} /> : null}
    </>
  );
};

const Found = ({ onAdd }: { onAdd(wanted: ToAdd): void }) => {
  const [early, setEarly] = useState<Candidate[]>([]);
  const find = useQuery({
    queryKey: ["modules.find"],
    queryFn: () => {
      setEarly([]);
      return call("modules.find", { probe: true }, (candidate) => setEarly((old) => [...old, candidate]));
    },
  });
  const candidates = find.isFetching ? early : (find.data?.candidates ?? []);
  return (
    <section className="section">
      <h2>Found on this computer</h2>
      <p className="muted" role="status">
        {find.isFetching ? (
          <>
            Looking at the known places and trying what is there, each in a process of its own <Elapsed />
          </>
        ) : (
          <>
            {candidates.length} found, {find.data?.looked ?? 0} places looked at.{" "}
            <Button small onPress={() => void find.refetch()}>
              Look again
            </Button>
          </>
        )}
      </p>
      {find.error ? <ErrorNotice error={errorOf(find.error)} /> : null}
      {candidates.length > 0 ? (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Library</th>
              <th scope="col">Loads</th>
              <th scope="col">
                <span className="visually-hidden">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <Fragment key={candidate.path}>
                <CandidateRow candidate={candidate} onAdd={onAdd} />
                {candidate.ownStore ? (
                  <OwnStoreRow
                    store={candidate.ownStore}
                    onAdd={(wanted) => onAdd({ path: candidate.path, ...wanted })}
                  />
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
};

const CandidateRow = ({ candidate, onAdd }: { candidate: Candidate; onAdd(wanted: ToAdd): void }) => {
  const { path, vendor, loads, error, module } = candidate;
  // The one row of SoftHSM would otherwise say nothing of which store it opens.
  const title = candidate.ownStore ? `${vendor}, demo token inside the app` : vendor;
  return (
    <tr>
      <td>
        {title}
        {candidate.description ? <div className="muted">{candidate.description}</div> : null}
      </td>
      <td className="mono">{path}</td>
      <CandidateCells
        title={title}
        loads={loads}
        error={error}
        module={module}
        onAdd={() => onAdd({ path, name: vendor })}
      />
    </tr>
  );
};
