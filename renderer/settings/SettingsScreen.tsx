import { useState } from "react";
import type { Settings } from "../../preload/contract/app.ts";
import type { ErrorData } from "../../preload/contract/errors.ts";
import { call, errorOf } from "../client/call.ts";
import { useRequest } from "../client/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Select, TextField } from "../ui/fields.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";

export const SettingsScreen = () => {
  const { data } = useRequest("app.settings", {});
  const { data: info } = useRequest("app.info", {});
  return (
    <>
      <header className="work-head">
        <h1>Settings</h1>
      </header>
      <div className="work-body settings">
        {data ? <Fields settings={data} /> : null}
        {info ? (
          <section className="section">
            <h2>About</h2>
            <dl className="facts">
              <dt>Tokenglass</dt>
              <dd>{info.version}</dd>
              <dt>Window</dt>
              <dd>{info.shell === "electron" ? "Electron" : "installed browser"}</dd>
              <dt>Data folder</dt>
              <dd className="mono">{info.dataFolder}</dd>
              <dt>System</dt>
              <dd>{info.platform}</dd>
            </dl>
          </section>
        ) : null}
      </div>
    </>
  );
};

const Fields = ({ settings }: { settings: Settings }) => {
  const [error, setError] = useState<ErrorData | null>(null);
  const [folder, setFolder] = useState(settings.exportFolder);
  const change = (changes: Partial<Settings>) => {
    setError(null);
    call("app.setSettings", changes).then(
      () => toast({ title: "Setting saved", look: "good" }),
      (thrown) => setError(errorOf(thrown)),
    );
  };
  return (
    <section className="section">
      <Select
        label="Appearance"
        value={settings.theme}
        choices={[
          { value: "system", title: "Like the system" },
          { value: "light", title: "Light" },
          { value: "dark", title: "Dark" },
        ]}
        onChange={(theme) => change({ theme })}
      />
      <Select
        label="Log out when idle"
        hint="Time without keys, mouse or requests on the token's own screen after which its login ends by itself."
        value={String(settings.idleLogoutMinutes)}
        choices={idleChoices(settings.idleLogoutMinutes)}
        onChange={(minutes) => change({ idleLogoutMinutes: Number(minutes) })}
      />
      <Select
        label="Look for inserted and removed tokens"
        value={String(settings.pollSeconds)}
        choices={[...new Set([1, 2, 5, 15, settings.pollSeconds])]
          .sort((a, b) => a - b)
          .map((seconds) => ({ value: String(seconds), title: `every ${seconds} s` }))}
        onChange={(seconds) => change({ pollSeconds: Number(seconds) })}
      />
      <form
        className="path-form"
        onSubmit={(event) => {
          event.preventDefault();
          change({ exportFolder: folder.trim() });
        }}
      >
        <TextField label="Folder for saved files" value={folder} onChange={setFolder} mono />
        <Button type="submit" disabled={folder.trim() === "" || folder.trim() === settings.exportFolder}>
          Save
        </Button>
      </form>
      {error ? <ErrorNotice error={error} /> : null}
    </section>
  );
};

const idleChoices = (current: number) =>
  [...new Set([1, 5, 10, 30, 60, current])]
    .filter((minutes) => minutes > 0)
    .sort((a, b) => a - b)
    .map((minutes) => ({
      value: String(minutes),
      title: minutes === 1 ? "after 1 minute" : `after ${minutes} minutes`,
    }))
    .concat([{ value: "0", title: "never" }]);
