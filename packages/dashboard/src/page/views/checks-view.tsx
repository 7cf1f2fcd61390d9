import type { Check } from "../data/answers.js";
import type { Health } from "../data/answers.js";
import { durationText, latencyText, reasonText, wordsOf } from "../data/texts.js";
import type { Transition } from "../data/health-history.js";
import { useAnswer, useNow, usePage } from "../page-context.js";
import { Ago, Instant } from "../parts/instant.js";
import { Answered, Panel } from "../parts/panel.js";
import { Status } from "../parts/status.js";
import { type Column, Table } from "../parts/table.js";

const path = "/health/detailed";

export function ChecksView() {
  const snapshot = useAnswer<Health>(path);
  return (
    <>
      <Panel title="Now" source={{ path, result: snapshot.result }}>
        <Answered snapshot={snapshot} what="checks">
          {({ checks }) => <CheckTable checks={checks} />}
        </Answered>
      </Panel>
      <Transitions />
    </>
  );
}

type NamedCheck = Check & { readonly name: string };

const columns: readonly Column<NamedCheck>[] = [
  { head: "Check", cell: ({ name }) => wordsOf(name) },
  { head: "Status", cell: ({ status }) => <Status tone={status} /> },
  { head: "Reason", kind: "wide", cell: ({ message }) => reasonText(message) ?? "–" },
  { head: "For", kind: "number", cell: ({ name }) => <StateAge name={name} /> },
  { head: "Took", kind: "number", cell: ({ duration_ms }) => latencyText(duration_ms) },
  { head: "Ran", kind: "number", cell: ({ last_checked }) => <Ago at={last_checked} /> },
  {
    head: "Decides readiness",
    cell: ({ criticality }) => (criticality === "required" ? "yes" : "no"),
  },
];

export function CheckTable({ checks }: { readonly checks: Health["checks"] }) {
  const rows = Object.entries(checks).map(([name, check]) => ({ ...check, name }));
  return (
    <Table
      caption="The checks of this worker"
      columns={columns}
      rows={rows}
      keyOf={({ name }) => name}
      toneOf={({ status }) => (status === "healthy" ? undefined : status)}
    />
  );
}

/** How long a check has been in its state; at least so long, if it was so when the page was opened. */
function StateAge({ name }: { readonly name: string }) {
  const now = useNow();
  const since = usePage().recorder.health.since(name);
  if (since === null) return <>–</>;
  const text = durationText(Math.max(0, now - since.at));
  return (
    <time dateTime={new Date(since.at).toISOString()} title={new Date(since.at).toString()}>
      {since.isExact ? text : `≥ ${text}`}
    </time>
  );
}

const transitionColumns: readonly Column<Transition>[] = [
  { head: "What", cell: ({ subject }) => wordsOf(subject) },
  { head: "When", cell: ({ at }) => <Instant at={at} /> },
  { head: "Became", cell: ({ status, to }) => <Status tone={status} text={to} /> },
  { head: "From", cell: ({ from }) => from },
  { head: "Reason", kind: "wide", cell: ({ message }) => reasonText(message) ?? "–" },
];

export function Transitions() {
  const { transitions } = usePage().recorder.health;
  return (
    <Panel title="Changes">
      {transitions.length === 0 ? (
        <p class="empty">
          Nothing has changed since this page was opened. It keeps the last 50 changes until it is
          closed.
        </p>
      ) : (
        <Table
          caption="Changes that this page has seen, the last first"
          columns={transitionColumns}
          rows={transitions}
          keyOf={({ at, subject, to }) => `${at} ${subject} ${to}`}
        />
      )}
    </Panel>
  );
}
