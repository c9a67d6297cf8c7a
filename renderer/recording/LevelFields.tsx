import { RadioCards } from "../ui/RadioCards.tsx";
import { levelCards, neverShown } from "./levels.ts";

/** How much is recorded, each level with what it shows. */
export const LevelFields = ({ level, onLevel }: { level: number; onLevel(level: number): void }) => (
  <>
    <RadioCards
      label="What is recorded"
      value={String(level)}
      cards={levelCards}
      onChange={(value) => onLevel(Number(value))}
    />
    <p className="muted">{neverShown}</p>
  </>
);
