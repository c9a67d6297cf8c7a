import { useRequest } from "../client/queries.ts";
import { Empty, ErrorNotice } from "../ui/notices.tsx";
import { SlotFacts } from "./TokenFacts.tsx";

/** A slot whose token cannot be read. */
export const SlotScreen = ({ module, slot: id }: { module: string; slot: number }) => {
  const { data } = useRequest("tokens.slots", { module });
  const slot = data?.slots.find(({ slot }) => slot === id);
  if (!slot) return <Empty title="The slot is no longer there" />;
  return (
    <>
      <header className="work-head">
        <h1>{slot.description || `Slot ${slot.slot}`}</h1>
      </header>
      <div className="work-body">
        {slot.error ? <ErrorNotice error={slot.error} /> : null}
        <section className="section">
          <SlotFacts slot={slot} />
        </section>
      </div>
    </>
  );
};
