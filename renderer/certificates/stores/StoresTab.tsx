import { useState } from "react";
import { useActions } from "../../frame/actions.tsx";
import { ImportChoose } from "../../objects/ImportChoose.tsx";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { FilePassword } from "../../ui/FilePassword.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { countWords } from "../../ui/words.ts";
import { addCompletion, addFiles, addText, type Basket, emptyBasket, unlock, useBasket } from "./basket.ts";
import { Entries } from "./Entries.tsx";
import { ReadStore } from "./ReadStore.tsx";
import { WriteForm, type Written } from "./WriteForm.tsx";
import { WrittenStore } from "./WrittenStore.tsx";
import "./stores.css";

/** Trust stores: whom other programs are to believe. What is gathered, what it is written to, and who then sees it. */
export const StoresTab = () => {
  const basket = useBasket();
  const [confirmations, setConfirmations] = useState<Record<string, string>>({});
  const [written, setWritten] = useState<Written | null>(null);
  useActions("stores", [
    {
      id: "stores-empty",
      title: "Leave out all that is to be trusted",
      group: "Trust stores",
      disabled: basket.entries.length === 0,
      run: emptyBasket,
    },
  ]);
  return (
    <div className="work-body stores">
      <section className="section" aria-label="To be trusted">
        <div className="section-head">
          <h2>
            {basket.entries.length === 0
              ? "What is to be trusted?"
              : countWords(basket.entries.length, "entry", "entries")}
          </h2>
          <span className="spring" />
          {basket.entries.length > 0 ? (
            <Button small look="quiet" onPress={emptyBasket}>
              Leave out all
            </Button>
          ) : null}
        </div>
        <p className="muted">
          A trust store tells a program whom to believe. It holds public certificates of others, never a private key: a
          program's own key belongs into a key store, or stays on the token. Certificates of a token are added from its
          objects: "Trust elsewhere".
        </p>
        <ImportChoose
          started={basket.entries.length > 0}
          onFiles={(files) => void addFiles(files)}
          onText={(text) => void addText(text)}
          words="or drop them here. Certificates and public keys: PEM, DER, PKCS#7, PKCS#12; or what openssl s_client printed."
          textLabel="Or paste PEM text"
        />
        <Gathering basket={basket} />
        <Entries
          entries={basket.entries}
          confirmations={confirmations}
          onConfirm={(sha256, typed) => setConfirmations({ ...confirmations, [sha256]: typed })}
        />
      </section>
      {basket.entries.length > 0 ? (
        <section className="section" aria-label="Write a store">
          <h2>Write a trust store</h2>
          <WriteForm entries={basket.entries} confirmations={confirmations} onWritten={setWritten} />
        </section>
      ) : null}
      {written ? <WrittenStore written={written} /> : null}
      <ReadStore />
    </div>
  );
};

/** What came of the sources: passwords asked for, refusals, issuers that are offered or missing. */
const Gathering = ({ basket }: { basket: Basket }) => (
  <>
    {basket.busy ? (
      <p className="muted">
        Reading <Elapsed />
      </p>
    ) : null}
    {basket.locked ? (
      <FilePassword
        key={basket.locked.fileName}
        fileName={basket.locked.fileName}
        hint="It opens the file once and is kept nowhere."
        onOpen={(password) => void unlock(password)}
      />
    ) : null}
    {basket.error ? <ErrorNotice error={basket.error} /> : null}
    {basket.refused.map(({ where, why, remedy }) => (
      <Notice key={where} look="warn" title={where}>
        <p>{why}</p>
        <p>{remedy}</p>
      </Notice>
    ))}
    {basket.completion.length > 0 ? (
      <Notice title={`${countWords(basket.completion.length, "issuer")} found that complete the chain`}>
        <ul>
          {basket.completion.map(({ sha256, subject, origin }) => (
            <li key={sha256}>
              {subject} <span className="muted">{origin}</span>
            </li>
          ))}
        </ul>
        <p>
          <Button small onPress={addCompletion}>
            Add {basket.completion.length === 1 ? "it" : "them"}
          </Button>
        </p>
      </Notice>
    ) : null}
    {basket.missingIssuers.length > 0 ? (
      <Notice look="warn" title="An issuer is not at hand">
        {basket.missingIssuers.map((words) => (
          <p key={words}>{words}</p>
        ))}
        <p>Programs that build the whole chain need it too: add its file, or trust the certificate itself.</p>
      </Notice>
    ) : null}
    {basket.warnings.map((warning) => (
      <Notice key={warning} look="warn">
        <p>{warning}</p>
      </Notice>
    ))}
  </>
);
