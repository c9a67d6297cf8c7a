import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { toast } from "../ui/toasts.tsx";

/** Something the user can do here and now: shown in the command palette, with its key if it has one. */
export interface Action {
  id: string;
  title: string;
  /** Group heading in the palette. */
  group: string;
  /** e.g. "Ctrl+G", "/", "Delete"; handled by the frame unless `ownKey`. */
  keys?: string;
  run(): void;
  disabled?: boolean;
  /** Why it is disabled, in words: told in the palette, and when its key is pressed all the same. */
  why?: string | null;
  /** Not listed in the palette. */
  unlisted?: boolean;
}

interface Registry {
  actions: Action[];
  register(source: string, actions: Action[]): () => void;
}

const ActionsContext = createContext<Registry>({ actions: [], register: () => () => {} });

export const ActionsProvider = ({ children }: { children: ReactNode }) => {
  const [bySource, setBySource] = useState<Record<string, Action[]>>({});
  const register = useCallback((source: string, actions: Action[]) => {
    setBySource((old) => ({ ...old, [source]: actions }));
    return () => setBySource(({ [source]: _gone, ...rest }) => rest);
  }, []);
  const actions = useMemo(() => Object.values(bySource).flat(), [bySource]);
  const value = useMemo(() => ({ actions, register }), [actions, register]);
  useKeys(actions);
  return <ActionsContext value={value}>{children}</ActionsContext>;
};

export const useAllActions = (): Action[] => useContext(ActionsContext).actions;

/**
 * Offers actions while the calling component is on screen. They are there together with what it shows (layout
 * effects): a key that is pressed as soon as something looks selected must find its action.
 */
export const useActions = (source: string, actions: Action[]): void => {
  const { register } = useContext(ActionsContext);
  const latest = useRef(actions);
  latest.current = actions;
  const signature = actions
    .map(({ id, title, keys, disabled, why }) => `${id}|${title}|${keys}|${disabled}|${why}`)
    .join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the list, whose functions are looked up when run
  useLayoutEffect(
    () =>
      register(
        source,
        latest.current.map((action) => {
          const now = () => latest.current.find(({ id }) => id === action.id);
          return {
            ...action,
            // Asked when a key is pressed: what can be done may have changed since the list was given.
            get disabled() {
              return now()?.disabled ?? false;
            },
            run: () => now()?.run(),
          };
        }),
      ),
    [register, source, signature],
  );
};

const useKeys = (actions: Action[]): void => {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const typing =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, [contenteditable]") !== null;
      if ((plain && typing) || document.querySelector(".modal-overlay")) return;
      const pressed = nameOf(event);
      const known = actions.filter(({ keys }) => keys === pressed);
      const action = known.find(({ disabled }) => !disabled) ?? known.find(({ why }) => why);
      if (!action) return;
      event.preventDefault();
      carryOut(action);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [actions]);
};

/** Runs it, or says why it cannot be done now. */
export const carryOut = (action: Action): void => {
  if (!action.disabled) action.run();
  else if (action.why) toast({ key: action.id, title: `Not possible: ${action.title}`, text: action.why });
};

/** "Ctrl+Shift+P"; Command counts as Ctrl. */
const nameOf = (event: KeyboardEvent): string =>
  [
    event.ctrlKey || event.metaKey ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && event.key.length > 1 ? "Shift" : "",
    event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toUpperCase() : event.key,
  ]
    .filter(Boolean)
    .join("+");
