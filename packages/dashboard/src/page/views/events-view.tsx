import type { EventStatistics } from "../data/answers.js";
import { countText, wordsOf } from "../data/texts.js";
import { useAnswer } from "../page-context.js";
import { Ago } from "../parts/instant.js";
import { Answered, Panel } from "../parts/panel.js";
import { type Column, Table } from "../parts/table.js";

const path = "/metrics/events";

/** Tasker's names of the counters, in plain words. */
const names: Readonly<Record<string, string>> = {
  total_routed: "Events published",
  durable_routed: "to the queue of events",
  fast_routed: "to subscribers in this process",
  broadcast_routed: "to both",
  fast_delivery_errors: "Deliveries to subscribers that failed",
  routing_errors: "Events that could not be delivered at all",
  total_events_dispatched: "Events dispatched in this process",
  rust_handler_dispatches: "Deliveries to the worker's own subscribers",
  ffi_channel_dispatches: "Deliveries to subscribers on the socket",
  rust_handler_errors: "Own subscribers that failed",
  ffi_channel_drops: "Dropped because a subscriber on the socket was too slow",
  rust_subscriber_patterns: "Patterns that are subscribed to",
  rust_handler_count: "Own subscribers",
  ffi_subscriber_count: "Subscribers on the socket",
};

type Counter = readonly [name: string, count: number];

const columns: readonly Column<Counter>[] = [
  { head: "Counter", kind: "wide", cell: ([name]) => names[name] ?? wordsOf(name) },
  { head: "Count", kind: "number", cell: ([name, count]) => <Count name={name} count={count} /> },
  { head: "Name in the answer", cell: ([name]) => <code class="dim">{name}</code> },
];

export function EventsView() {
  const snapshot = useAnswer<EventStatistics>(path);
  return (
    <Panel
      title="Domain events since the worker started"
      source={{ path, result: snapshot.result }}
    >
      <Answered snapshot={snapshot} what="domain events">
        {({ router, in_process_bus: bus, captured_at }) => (
          <>
            <Counters caption="How events were routed" counts={router} />
            <Counters caption="What subscribers received" counts={bus} />
            <p class="dim">
              Counted <Ago at={captured_at} />.
            </p>
          </>
        )}
      </Answered>
    </Panel>
  );
}

interface CountersProps {
  readonly caption: string;
  readonly counts: Readonly<Record<string, number>>;
}

function Counters({ caption, counts }: CountersProps) {
  return (
    <>
      <h3>{caption}</h3>
      <Table
        caption={caption}
        columns={columns}
        rows={Object.entries(counts)}
        keyOf={([name]) => name}
      />
    </>
  );
}

function Count({ name, count }: { readonly name: string; readonly count: number }) {
  const isBad = count > 0 && /error|drop/.test(name);
  return isBad ? <span class="problem">{countText(count)}</span> : <>{countText(count)}</>;
}
