import type { SchemeView, TlsView } from "../../../preload/contract/x509.ts";
import { Button } from "../../ui/Button.tsx";
import { copyText } from "../../ui/copy.ts";
import { Badge } from "../../ui/notices.tsx";
import { countWords } from "../../ui/words.ts";

/** What TLS can do with a key, and what must stand in the settings of the other side. */
export const TlsTab = ({ tls, keyWords }: { tls: TlsView; keyWords: string }) => (
  <>
    <section aria-label="Signature schemes">
      <h3>Signature schemes</h3>
      {tls.keySchemes.length > 0 ? (
        <div className="view-table">
          <table>
            <thead>
              <tr>
                <th>Code</th>
                <th>Name</th>
                <th>OpenSSL</th>
                <th>Used for</th>
              </tr>
            </thead>
            <tbody>
              {tls.keySchemes.map((scheme) => (
                <Scheme
                  key={scheme.code}
                  scheme={scheme}
                  use={`handshakes with ${keyWords}, TLS ${scheme.versions.join(", ")}`}
                />
              ))}
              {tls.signatureScheme ? (
                <Scheme scheme={tls.signatureScheme} use="the certificate's own signature" />
              ) : null}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="muted">{keyWords} keys do not sign.</p>
      )}
    </section>
    {tls.settings.length > 0 ? (
      <section aria-label="Settings of the other side">
        <h3>Settings of the other side</h3>
        <ul className="view-spellings">
          {tls.settings.map(({ program, setting, value, note }) => (
            <li key={program}>
              <header>
                <strong>{program}</strong> <span className="muted">{setting}</span>
                <Button small label={`Copy ${setting}`} onPress={() => void copyText(value, setting)}>
                  Copy
                </Button>
              </header>
              <code>{value}</code>
              {note ? <p className="muted">{note}</p> : null}
            </li>
          ))}
        </ul>
      </section>
    ) : null}
    <Role title="As a server" role={tls.server} />
    <Role title="As a client" role={tls.client} />
    {tls.tls13.length > 0 ? (
      <section aria-label="TLS 1.3">
        <h3>TLS 1.3</h3>
        {tls.tls13.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </section>
    ) : null}
  </>
);

const Scheme = ({ scheme, use }: { scheme: SchemeView; use: string }) => (
  <tr>
    <td className="mono">{scheme.code}</td>
    <td className="mono">{scheme.name}</td>
    <td className="mono">{scheme.openssl ?? ""}</td>
    <td>{use}</td>
  </tr>
);

const Role = ({ title, role }: { title: string; role: TlsView["server"] }) => (
  <section aria-label={title}>
    <h3>
      {title} <Badge look={role.allowed ? "good" : "danger"}>{role.allowed ? "yes" : "no"}</Badge>
    </h3>
    {role.notes.map((note) => (
      <p key={note}>{note}</p>
    ))}
    {role.suites.length > 0 ? (
      <details className="view-suites">
        <summary>{countWords(role.suites.length, "cipher suite")} of TLS 1.2</summary>
        <div className="view-table">
          <table>
            <tbody>
              {role.suites.map(({ code, name, openssl }) => (
                <tr key={code}>
                  <td className="mono">{code}</td>
                  <td className="mono">{name}</td>
                  <td className="mono">{openssl}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    ) : null}
  </section>
);
