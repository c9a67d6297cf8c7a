import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/notices.tsx";
import { SlotFacts } from "./TokenFacts.tsx";
import { whyNot } from "./tasks.ts";

/** A token that has no label and no PINs yet. */
export const Uninitialised = (properties: { slot: SlotRow; token: TokenRow; onInitialise(): void }) => {
  const { slot, token, onInitialise } = properties;
  const why = whyNot("initialise", token);
  return (
    <div className="work-body">
      <Empty
        title="This token is new"
        actions={
          <Button look="primary" onPress={onInitialise} disabled={why !== null}>
            Initialise this token
          </Button>
        }
      >
        <p>
          It has no label and no PINs yet. Initialising gives it a name and a security officer's PIN (SO PIN); after
          that you set your own PIN, log in, and make keys.
        </p>
        {why ? <p>{why}</p> : null}
      </Empty>
      <section className="section">
        <h2>Slot</h2>
        <SlotFacts slot={slot} />
      </section>
    </div>
  );
};
