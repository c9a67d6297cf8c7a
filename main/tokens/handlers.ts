import type { DomainHandlers, HostContext } from "../host/handlers.ts";
import type { FoundToken } from "../pkcs11/library.ts";
import { deviceRules } from "./device-class.ts";
import { initialise, initialisePreview } from "./initialise.ts";
import { login, logout } from "./login.ts";
import { mechanismRows } from "./mechanisms.ts";
import { pinState } from "./pin-state.ts";
import { pinLengths, typedText } from "./pin-try.ts";
import { changePin, setUserPin } from "./pins.ts";
import { rowNow, slotRows } from "./slots.ts";
import { hasPinPad } from "./token-row.ts";

type Context = Pick<HostContext, "library" | "module" | "emit">;

/** Every window sees each change at once, also that of a try that failed: its flags may be others now. */
const changing = <T>({ library, module, emit }: Context, change: () => T): T => {
  try {
    return change();
  } finally {
    tell({ library, module, emit });
  }
};

const tell = ({ library, module, emit }: Context): void => {
  try {
    emit("tokens.changed", { module, slots: slotRows(library) });
  } catch {
    // C_GetSlotList failed. The reply to the request matters more; the next look at the slots tells again.
  }
};

/** Carries out a change and answers with the token as it is then. */
const changed = (context: Context, token: FoundToken, change: () => void) =>
  changing(context, () => {
    change();
    return rowNow(context.library, token);
  });

export const tokenHandlers: DomainHandlers<"tokens"> = {
  slots: (_input, { library }) => ({ slots: slotRows(library) }),

  mechanisms: ({ token }, { library }) => ({ mechanisms: mechanismRows(library, library.findToken(token)) }),

  pinPrompt: ({ token, who }, { library }) => {
    const { info } = library.findToken(token);
    const state = pinState(info, who);
    const { min, max } = pinLengths(info, who);
    return {
      pinPad: hasPinPad(info.flags),
      state,
      mayTry: !["none", "locked", "not set"].includes(state.state),
      loginRefused: who === "so" ? deviceRules(info).soLoginRefused : null,
      confirmation: state.state === "final try" ? typedText(info) : null,
      minLength: min,
      maxLength: max,
    };
  },

  login: ({ token, who, pin, confirmation }, context) => {
    const found = context.library.findToken(token);
    return changed(context, found, () => login(context.library, found, who, pin, confirmation));
  },

  // The host notes the use of every token that a request names (Watch.busy); there is nothing else to do.
  used: () => ({}),

  logout: ({ token }, context) => {
    const found = context.library.findToken(token);
    context.library.underWay.refuse(found, "C_Logout");
    return changed(context, found, () => logout(context.library, found));
  },

  initialisePreview: ({ token }, { library }) => initialisePreview(library, library.findToken(token)),

  initialise: ({ token, ...wanted }, context) => {
    const { library } = context;
    const found = library.findToken(token);
    library.underWay.refuse(found, "C_InitToken");
    return changing(context, () => rowNow(library, initialise(library, found, wanted)));
  },

  setUserPin: ({ token, ...pins }, context) => {
    const found = context.library.findToken(token);
    context.library.underWay.refuse(found, "C_InitPIN");
    return changed(context, found, () => setUserPin(context.library, found, pins));
  },

  changePin: ({ token, ...pins }, context) => {
    const found = context.library.findToken(token);
    context.library.underWay.refuse(found, "C_SetPIN");
    return changed(context, found, () => changePin(context.library, found, pins));
  },
};
