import type { ViewProps } from "../app.js";
import type { Configuration } from "../data/answers.js";
import { type Setting, settingsOf } from "../data/settings.js";
import { counted } from "../data/texts.js";
import { useAnswer } from "../page-context.js";
import { Search } from "../parts/filter.js";
import { Answered, Panel } from "../parts/panel.js";
import { type Column, Table } from "../parts/table.js";
import { useFilter } from "../parts/use-filter.js";

const path = "/config";

export function ConfigurationView({ route }: ViewProps) {
  // A worker reads its configuration once, when it starts.
  const snapshot = useAnswer<Configuration>(path, 30_000);
  const { value, change } = useFilter(route);
  return (
    <Panel
      title="In use, secrets masked"
      source={{ path, result: snapshot.result }}
      aside={<Search label="Find" value={value("find")} onInput={(find) => change({ find })} />}
    >
      <Answered snapshot={snapshot} what="configuration">
        {(configuration) => (
          <Settings
            settings={settingsOf(configuration).filter((setting) =>
              isFound(setting, value("find").toLowerCase()),
            )}
          />
        )}
      </Answered>
    </Panel>
  );
}

function isFound({ path: place, value, isMasked }: Setting, find: string): boolean {
  return place.toLowerCase().includes(find) || (!isMasked && value.toLowerCase().includes(find));
}

const keyColumn: Column<Setting> = { head: "Key", cell: ({ path: place }) => <code>{place}</code> };
const valueColumn: Column<Setting> = {
  head: "Value",
  kind: "wide",
  cell: ({ value, isMasked }) =>
    isMasked ? <span class="masked">masked</span> : <code>{value === "" ? "(empty)" : value}</code>,
};
const originColumn: Column<Setting> = {
  head: "Comes from",
  cell: ({ origin }) => origin ?? "default",
};

function Settings({ settings }: { readonly settings: readonly Setting[] }) {
  if (settings.length === 0) return <p class="empty">No key or value contains this.</p>;
  const hasOrigins = settings.some(({ origin }) => origin !== null);
  return (
    <>
      <Table
        caption="The configuration, one value a row"
        columns={[keyColumn, valueColumn, ...(hasOrigins ? [originColumn] : [])]}
        rows={settings}
        keyOf={({ path: place }) => place}
      />
      <p class="dim">{counted(settings.length, "value")}.</p>
    </>
  );
}
