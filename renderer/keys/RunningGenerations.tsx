import type { TokenRef } from "../../preload/contract/shared.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { useGenerations } from "./generations.ts";
import "./keys.css";

/** Above the table: generations that were left running. */
export const RunningGenerations = ({ module, token, onShow }: { module: string; token: TokenRef; onShow(): void }) => {
  const running = useGenerations(module, token).filter(({ result, error }) => !result && !error);
  return running.map(({ id, spec, step, startedAt }) => (
    <div key={id} className="running-generation">
      <span>
        {spec.kind} key "{spec.label}": {step} <Elapsed since={startedAt} />
      </span>
      <Button small onPress={onShow}>
        Show
      </Button>
    </div>
  ));
};
