import type { SlotRow, TokenRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { flagOf } from "./flags.ts";
import { memoryWords, pinLengthWords, sessionWords } from "./words.ts";

/** All that C_GetSlotInfo and C_GetTokenInfo say, in words. */
export const TokenFacts = ({ slot, token }: { slot: SlotRow; token: TokenRow }) => (
  <div className="work-body">
    <div className="columns">
      <section className="section">
        <h2>Token</h2>
        <dl className="facts">
          <dt>Label</dt>
          <dd>{token.label || "none"}</dd>
          <dt>Serial number</dt>
          <dd className="mono">{token.serial || "none"}</dd>
          <dt>Manufacturer</dt>
          <dd>{token.manufacturer || "not given"}</dd>
          <dt>Model</dt>
          <dd>{token.model || "not given"}</dd>
          <dt>Hardware, firmware</dt>
          <dd>
            {token.hardwareVersion}, {token.firmwareVersion}
          </dd>
          {token.utcTime ? (
            <>
              <dt>Clock</dt>
              <dd>{token.utcTime}</dd>
            </>
          ) : null}
          <dt>URI</dt>
          <dd>
            <code>{token.uri}</code>{" "}
            <Button small label="Copy URI" onPress={() => void copyText(token.uri, "URI")}>
              Copy
            </Button>
          </dd>
        </dl>
      </section>
      <section className="section">
        <h2>PINs</h2>
        {token.userPin.state === "none" ? (
          <p>This token needs no login and has no PINs.</p>
        ) : (
          <dl className="facts">
            <dt>Login</dt>
            <dd>{token.loginRequired ? "needed for some things" : "not needed"}</dd>
            <dt>User PIN</dt>
            <dd>{token.userPin.words}</dd>
            <dt>SO PIN</dt>
            <dd>{token.soPin.words}</dd>
            <dt>PIN length</dt>
            <dd>{pinLengthWords(token.pinLength)}</dd>
            <dt>Entered</dt>
            <dd>{token.pinPad ? "on the reader's own keys" : "in this window"}</dd>
          </dl>
        )}
        <h2>Memory and sessions</h2>
        <dl className="facts">
          <dt>Public memory</dt>
          <dd>{memoryWords(token.memory.publicTotal, token.memory.publicFree)}</dd>
          <dt>Private memory</dt>
          <dd>{memoryWords(token.memory.privateTotal, token.memory.privateFree)}</dd>
          <dt>Sessions</dt>
          <dd>{sessionWords(token.sessions.open, token.sessions.max)}</dd>
          <dt>Read/write sessions</dt>
          <dd>{sessionWords(token.sessions.readWriteOpen, token.sessions.readWriteMax)}</dd>
        </dl>
      </section>
      <section className="section">
        <h2>Flags</h2>
        <Flags flags={token.flags} />
        <h2>Slot</h2>
        <SlotFacts slot={slot} />
      </section>
    </div>
  </div>
);

const Flags = ({ flags }: { flags: string[] }) =>
  flags.length === 0 ? (
    <p className="muted">none</p>
  ) : (
    <ul className="flag-list">
      {flags.map(flagOf).map(({ name, words }) => (
        <li key={name}>
          <code>{name}</code> <span className="muted">{words}</span>
        </li>
      ))}
    </ul>
  );

export const SlotFacts = ({ slot }: { slot: SlotRow }) => (
  <dl className="facts">
    <dt>Slot id</dt>
    <dd className="mono">
      {slot.slot} (0x{slot.slot.toString(16)})
    </dd>
    <dt>Description</dt>
    <dd>{slot.description || "none"}</dd>
    <dt>Manufacturer</dt>
    <dd>{slot.manufacturer || "not given"}</dd>
    <dt>Hardware, firmware</dt>
    <dd>
      {slot.hardwareVersion}, {slot.firmwareVersion}
    </dd>
    <dt>Flags</dt>
    <dd>
      <Flags flags={slot.flags} />
    </dd>
  </dl>
);
