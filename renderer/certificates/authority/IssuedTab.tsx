import { useState } from "react";
import type { AuthorityRow, IssuedCertificate } from "../../../preload/contract/authority.ts";
import { useFreshRequest } from "../../client/queries.ts";
import { Button } from "../../ui/Button.tsx";
import { Select } from "../../ui/fields.tsx";
import { Badge, Empty, ErrorNotice, Notice } from "../../ui/notices.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { useAction } from "../../ui/useAction.ts";
import { useNow } from "../../ui/useNow.ts";
import { countWords } from "../../ui/words.ts";
import { MakeListDialog } from "./MakeListDialog.tsx";
import { RevokeDialog } from "./RevokeDialog.tsx";
import { reasonWords } from "./reasons.ts";
import { SaveIssuedDialog } from "./SaveIssuedDialog.tsx";
import "./authority.css";

/** What CAs on tokens have issued: the register, revocations, and their lists. */
export const IssuedTab = () => {
  const { data, error } = useFreshRequest("authority.list", {});
  const [chosen, setChosen] = useState("");
  const authority = data?.authorities.find(({ id }) => id === chosen) ?? data?.authorities[0];
  return (
    <div className="work-body issued">
      {error ? <ErrorNotice error={error.data} /> : null}
      {data && !authority ? (
        <Empty title="No CA has issued anything yet">
          <p>
            Choose the private key of a CA on its token, then "Issue a certificate…". What is issued, revoked and listed
            is kept here.
          </p>
        </Empty>
      ) : null}
      {data && authority ? (
        <>
          {data.authorities.length > 1 ? (
            <Select
              label="CA"
              value={authority.id}
              choices={data.authorities.map(({ id, subject, issued }) => ({
                value: id,
                title: subject,
                description: countWords(issued, "certificate"),
              }))}
              onChange={setChosen}
            />
          ) : null}
          <Register key={authority.id} authority={authority} />
        </>
      ) : null}
    </div>
  );
};

const Register = ({ authority }: { authority: AuthorityRow }) => {
  const { data, error } = useFreshRequest("authority.register", { id: authority.id });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<IssuedCertificate | null>(null);
  /** A serial number, or the list. */
  const [saving, setSaving] = useState<{ serialNumber: string | null } | null>(null);
  const { list, listStale, revoked, issued } = authority;
  return (
    <>
      <div className="bar-row">
        <div>
          <strong>{authority.subject}</strong>
          <p className="muted" role="status">
            {countWords(issued, "certificate")} issued, {revoked} revoked
          </p>
        </div>
        <span className="bar-actions">
          <Button look="primary" onPress={() => setMaking(true)}>
            Make revocation list…
          </Button>
          <Button onPress={() => setSaving({ serialNumber: null })} disabled={list === null}>
            Save the last list…
          </Button>
        </span>
      </div>
      <ListState list={list} stale={listStale} revoked={revoked} />
      {error ? <ErrorNotice error={error.data} /> : null}
      {data ? (
        <Issued
          id={authority.id}
          certificates={data.certificates}
          onRevoke={setRevoking}
          onSave={(serialNumber) => setSaving({ serialNumber })}
        />
      ) : null}
      <p className="muted">
        Kept in <code>{authority.file}</code>. Back it up: without it nobody knows what was issued and revoked.
      </p>
      {saving ? <SaveIssuedDialog id={authority.id} {...saving} onClose={() => setSaving(null)} /> : null}
      {making ? <MakeListDialog authority={authority} onClose={() => setMaking(false)} /> : null}
      {revoking ? <RevokeDialog id={authority.id} certificate={revoking} onClose={() => setRevoking(null)} /> : null}
    </>
  );
};

const ListState = ({ list, stale, revoked }: { list: AuthorityRow["list"]; stale: boolean; revoked: number }) => {
  const now = useNow(list);
  if (!list) return <p className="muted">No revocation list yet.</p>;
  const over = Date.parse(list.nextUpdate) < now;
  const words = `Revocation list ${list.number}, made ${list.thisUpdate.slice(0, 10)}, next by ${list.nextUpdate.slice(0, 10)}.`;
  if (!stale && !over) return <p className="muted">{words}</p>;
  return (
    <Notice
      look="warn"
      title={over ? "The revocation list is out of date" : "The revocation list lacks the newest changes"}
    >
      <p>
        {words}{" "}
        {over
          ? "Programs that check it refuse all certificates now."
          : `${countWords(revoked, "certificate")} should be on the next.`}
      </p>
    </Notice>
  );
};

const portion = 200;

const Issued = (properties: {
  id: string;
  certificates: IssuedCertificate[];
  onRevoke(certificate: IssuedCertificate): void;
  onSave(serialNumber: string): void;
}) => {
  const { id, certificates, onRevoke, onSave } = properties;
  const [limit, setLimit] = useState(portion);
  const release = useAction("authority.release", () => {});
  const now = useNow(certificates);
  return (
    <>
      {release.error ? <ErrorNotice error={release.error} /> : null}
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Certificate</th>
            <th scope="col">Ends</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {certificates.slice(0, limit).map((one) => (
            <tr key={one.serialNumber}>
              <td className="issued-name">
                <strong>{one.subject || "no subject"}</strong>
                <div className="muted issued-serial">
                  {one.keyWords}, <code>{one.serialNumber}</code>
                </div>
              </td>
              <td className="nowrap">{one.notAfter.slice(0, 10)}</td>
              <td>
                <State certificate={one} now={now} />
              </td>
              <td>
                <Button small label={`Save ${one.subject}`} onPress={() => onSave(one.serialNumber)}>
                  Save…
                </Button>{" "}
                {one.revoked === null || one.revoked.reason === "certificateHold" ? (
                  <Button small look="danger" label={`Revoke ${one.subject}`} onPress={() => onRevoke(one)}>
                    Revoke…
                  </Button>
                ) : null}{" "}
                {one.revoked?.reason === "certificateHold" ? (
                  <Button small onPress={() => release.run({ id, serialNumber: one.serialNumber })}>
                    End the hold
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShowMore all={certificates.length} limit={limit} portion={portion} onLimit={setLimit} />
    </>
  );
};

const State = ({ certificate: { revoked, notAfter }, now }: { certificate: IssuedCertificate; now: number }) => {
  if (revoked)
    return (
      <>
        <Badge look="danger">{revoked.reason === "certificateHold" ? "on hold" : "revoked"}</Badge>{" "}
        <span className="muted">
          <span className="nowrap">{revoked.at.slice(0, 10)}</span>, {reasonWords[revoked.reason]}
        </span>
      </>
    );
  return Date.parse(notAfter) < now ? <Badge look="warn">expired</Badge> : <Badge look="good">valid</Badge>;
};
