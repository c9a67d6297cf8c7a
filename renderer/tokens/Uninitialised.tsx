import type { SlotRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/notices.tsx";
import { SlotFacts } from "./TokenFacts.tsx";

/** A token that has no label and no PINs yet. */
export const Uninitialised = ({ slot, onInitialise }: { slot: SlotRow; onInitialise(): void }) => (
  <div className="work-body">
    <Empty
      title="This token is new"
      actions={
        <Button look="primary" onPress={onInitialise}>
          Initialise this token
        </Button>
      }
    >
      <p>
        It has no label and no PINs yet. Initialising gives it a name and a security officer's PIN (SO PIN); after that
        you set your own PIN, log in, and make keys.
      </p>
    </Empty>
    <section className="section">
      <h2>Slot</h2>
      <SlotFacts slot={slot} />
    </section>
  </div>
);
