import type { ViewProps } from "../app.js";
import { bytesText, countText, latencyText, rateText, reasonText, wordsOf } from "../data/texts.js";
import {
  fleetStates,
  type Fleet,
  type FleetState,
  type FleetWorker,
} from "../data/work-answers.js";
import { useAnswer } from "../page-context.js";
import { Filter } from "../parts/filter.js";
import { Ago } from "../parts/instant.js";
import { Pager } from "../parts/pager.js";
import { Answered, Panel } from "../parts/panel.js";
import { Status, type Tone } from "../parts/status.js";
import { type Column, Table } from "../parts/table.js";
import { useFilter } from "../parts/use-filter.js";

const pageSize = 100;

export function FleetView({ route }: ViewProps) {
  const { value, change, offset, move } = useFilter(route);
  const query = new URLSearchParams({ limit: String(pageSize), offset: String(offset) });
  if (value("state") !== "") query.set("state", value("state"));
  const path = `/fleet?${query.toString()}`;
  const snapshot = useAnswer<Fleet>(path);
  return (
    <Panel
      title="Workers that share this database"
      source={{ path, result: snapshot.result }}
      aside={
        <StateFilter
          state={value("state")}
          counts={snapshot.result?.counts ?? null}
          onChange={(state) => change({ state })}
        />
      }
    >
      <Answered snapshot={snapshot} what="workers">
        {({ workers, total, duplicate_worker_ids: duplicates }) => (
          <>
            {duplicates.length > 0 && (
              <p class="notice">
                <Status
                  tone="degraded"
                  text={`Several workers have one id: ${duplicates.join(", ")}`}
                />
              </p>
            )}
            <FleetTable workers={workers} />
            <Pager what="workers" limit={pageSize} total={total} offset={offset} onMove={move} />
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface StateFilterProps {
  readonly state: string;
  readonly counts: Fleet["counts"] | null;
  readonly onChange: (state: string) => void;
}

function StateFilter({ state, counts, onChange }: StateFilterProps) {
  const choices = fleetStates.map((each) => ({
    value: each,
    text: counts === null ? each : `${each} (${countText(counts[each])})`,
  }));
  return (
    <Filter
      label="State"
      value={state}
      choices={[{ value: "", text: "all" }, ...choices]}
      onChange={onChange}
    />
  );
}

const tones: Readonly<Record<FleetState, Tone>> = {
  running: "healthy",
  starting: "unknown",
  paused: "degraded",
  draining: "degraded",
  lost: "unhealthy",
};

const columns: readonly Column<FleetWorker>[] = [
  { head: "Worker", kind: "wide", cell: (worker) => <Name worker={worker} /> },
  { head: "State", cell: ({ state }) => <Status tone={tones[state]} text={state} /> },
  { head: "Health", kind: "wide", cell: (worker) => <Health worker={worker} /> },
  { head: "Slots", kind: "number", cell: ({ slots }) => slotsText(slots) },
  { head: "Steps / s", kind: "number", cell: ({ steps_per_second }) => rateText(steps_per_second) },
  {
    head: "Failed / s",
    kind: "number",
    cell: ({ failed_per_second: rate }) => <Failed rate={rate} />,
  },
  { head: "Lag", kind: "number", cell: (worker) => latencyText(worker.event_loop_lag_ms) },
  { head: "Memory", kind: "number", cell: ({ rss_bytes }) => bytesText(rss_bytes) },
  { head: "Version", cell: ({ version }) => version },
  { head: "Reported", kind: "number", cell: ({ reported_at }) => <Ago at={reported_at} /> },
];

function FleetTable({ workers }: { readonly workers: readonly FleetWorker[] }) {
  if (workers.length === 0) return <p class="empty">No worker reports itself in this state.</p>;
  return (
    <Table
      caption="Workers with state, health and rates"
      columns={columns}
      rows={workers}
      keyOf={({ instance_id }) => instance_id}
      toneOf={({ state }) => (state === "lost" ? "unhealthy" : undefined)}
    />
  );
}

function Health({ worker: { status, checks } }: { readonly worker: FleetWorker }) {
  return (
    <>
      <Status tone={status} /> <span class="dim">{reasonsIn(checks)}</span>
    </>
  );
}

function Name({
  worker: { worker_id, url, host, pid, namespaces },
}: {
  readonly worker: FleetWorker;
}) {
  return (
    <>
      {url !== null && /^https?:\/\//.test(url) ? (
        <a href={`${url.replace(/\/$/, "")}/`} rel="noreferrer">
          {worker_id}
        </a>
      ) : (
        worker_id
      )}{" "}
      <span class="dim">{[`${host} · ${pid}`, ...namespaces].join(" · ")}</span>
    </>
  );
}

function reasonsIn(checks: FleetWorker["checks"]): string {
  const reasons = Object.entries(checks)
    .filter(([, { status }]) => status !== "healthy")
    .map(([name, { message }]) => [wordsOf(name), reasonText(message)].filter(Boolean).join(", "));
  return reasons.join("; ");
}

function slotsText(slots: FleetWorker["slots"]): string {
  if (slots === null) return "–";
  const overdue = slots.overdue > 0 ? `, ${slots.overdue} overdue` : "";
  return `${slots.busy} of ${slots.total}${overdue}`;
}

function Failed({ rate }: { readonly rate: number }) {
  return rate > 0 ? <span class="problem">{rateText(rate)}</span> : <>0</>;
}
