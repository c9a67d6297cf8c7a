import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { base64OfFile, base64OfText } from "../../objects/bytes.ts";
import { ContextPinField, useContextPin } from "../../objects/ContextPin.tsx";
import { ImportChoose } from "../../objects/ImportChoose.tsx";
import type { Address } from "../../objects/tasks.ts";
import { objectTitle, refOf } from "../../objects/words.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { EquivalentCommands } from "../../ui/EquivalentCommands.tsx";
import { Checkbox, Select, TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";
import { IssuedDone } from "./IssuedDone.tsx";
import { type Decisions, decisionsFor, profileFor } from "./issue-profile.ts";
import { RequestFields } from "./RequestFields.tsx";
import "./authority.css";

interface Source {
  fileName: string;
  /** base64 */
  content: string;
}

/** A CA on the token signs a request: what is asked for is shown, and chosen piece by piece. */
export const IssueDialog = (properties: {
  address: Address;
  /** The CA's private key. */
  row: ObjectRow;
  rows: ObjectRow[];
  onClose(): void;
}) => {
  const { address, row, rows, onClose } = properties;
  const certificates = rows.filter((one) => one.class === "certificate");
  const [chosen, setIssuer] = useState<string | null>(null);
  // Not only at first: the listing may bring the CA's certificate while the dialog is open.
  const issuer = chosen ?? (certificates.find(({ id }) => id === row.id && id !== "") ?? certificates[0])?.handle ?? "";
  const [source, setSource] = useState<Source | null>(null);
  const [request, setRequest] = useState<Output<"certificates.readRequest"> | null>(null);
  const [decisions, setDecisions] = useState<Decisions | null>(null);
  const [days, setDays] = useState("365");
  const [places, setPlaces] = useState({ crl: "", caIssuers: "", ocsp: "" });
  const [beyondIssuer, setBeyond] = useState(false);
  const [done, setDone] = useState<Output<"authority.issue"> | null>(null);
  const look = useAction("certificates.readRequest", (read) => {
    setRequest(read);
    setDecisions(decisionsFor(read));
  });
  const issue = useAction("authority.issue", setDone);
  const context = useContextPin(address, row, issue.error);
  if (done) return <IssuedDone done={done} onClose={onClose} />;

  const open = (next: Source) => {
    setSource(next);
    setRequest(null);
    issue.reset();
    look.run({ module: address.module, ...next });
  };
  const addFile = async ([file]: File[]) => {
    if (file) open({ fileName: file.name, content: await base64OfFile(file) });
  };
  const authority = certificates.find(({ handle }) => handle === issuer);
  const count = /^\d{1,5}$/.test(days) ? Number(days) : 0;
  const wrongDays = count < 1 || count > 36_500;
  const tooLong = issue.error?.details?.issuerNotAfter !== undefined;
  const input = authority && {
    ...address,
    key: refOf(row),
    issuer: refOf(authority),
    fileName: source?.fileName ?? "request.csr",
    content: source?.content ?? "",
  };
  const profile = request && decisions ? profileFor(request, decisions) : null;
  const run = () => {
    if (!input || !profile) return;
    const addresses = { crl: words(places.crl), caIssuers: words(places.caIssuers), ocsp: words(places.ocsp) };
    issue.run({ ...input, issuing: { profile, days: count, beyondIssuer, ...addresses }, ...context.take() });
  };
  return (
    <Dialog
      title={`Issue a certificate with ${objectTitle(row)}`}
      wide
      action="Issue certificate"
      onAction={run}
      actionDisabled={!profile || !authority || wrongDays || !context.ready || look.busy}
      onClose={onClose}
      busy={issue.busy || look.busy}
      busyText={issue.busy ? "Signing" : "Reading the request"}
      error={issue.error ?? look.error}
    >
      {certificates.length === 0 ? (
        <Notice look="warn" title="There is no certificate on the token">
          <p>
            A CA needs its certificate beside its key: make a self-signed one, or take the reply of the CA above it.
          </p>
        </Notice>
      ) : (
        <Select
          label="Certificate of the CA"
          value={issuer}
          choices={certificates.map(({ handle, label, subject, notAfter }) => ({
            value: handle,
            title: `${label || "no label"}: ${subject ?? "not readable"}`,
            ...(notAfter ? { description: `valid until ${notAfter.slice(0, 10)}` } : {}),
          }))}
          onChange={setIssuer}
        />
      )}
      <ImportChoose
        started={source !== null}
        onFiles={(files) => void addFile(files)}
        onText={(text) => open({ fileName: "pasted request", content: base64OfText(text) })}
        multiple={false}
        words="or drop it here: a certificate request (PKCS#10), PEM or DER."
        textLabel="Or paste the request"
      />
      {request && decisions ? (
        <>
          <p>
            <strong>{source?.fileName}</strong>{" "}
            <span className="muted">
              {request.keyWords}, signed with {request.signedWith}; its signature fits its key.
            </span>
          </p>
          {request.warnings.map((warning) => (
            <Notice key={warning} look="warn">
              <p>{warning}</p>
            </Notice>
          ))}
          <RequestFields module={address.module} request={request} decisions={decisions} onDecisions={setDecisions} />
          <TextField
            label="Valid for days"
            value={days}
            onChange={setDays}
            problem={wrongDays ? "A number from 1 to 36500." : null}
          />
          {tooLong || beyondIssuer ? (
            <Checkbox
              label="Let it outlive the CA's certificate"
              hint="from then on nobody accepts it"
              value={beyondIssuer}
              onChange={setBeyond}
            />
          ) : null}
          <details className="advanced">
            <summary>Addresses: revocation list, CA certificate, OCSP</summary>
            <div className="advanced-fields">
              <TextField
                label="Revocation list (CRL)"
                value={places.crl}
                onChange={(crl) => setPlaces({ ...places, crl })}
                placeholder="http://ca.example/ca.crl"
                hint="Several with blanks between them."
                mono
              />
              <TextField
                label="Certificate of the CA"
                value={places.caIssuers}
                onChange={(caIssuers) => setPlaces({ ...places, caIssuers })}
                placeholder="http://ca.example/ca.cer"
                mono
              />
              <TextField
                label="OCSP responder"
                value={places.ocsp}
                onChange={(ocsp) => setPlaces({ ...places, ocsp })}
                placeholder="http://ocsp.example"
                mono
              />
            </div>
          </details>
          <ContextPinField context={context} />
          {input ? <EquivalentCommands request="certificates.issue" input={{ ...input, content: "" }} /> : null}
        </>
      ) : null}
    </Dialog>
  );
};

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);
