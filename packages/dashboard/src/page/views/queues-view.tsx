import type { ViewProps } from "../app.js";
import { pageOf, useFilter } from "../parts/use-filter.js";
import { countText, durationText, rateText } from "../data/texts.js";
import type { Queue, QueueList, QueueNumbers } from "../data/work-answers.js";
import { useAnswer, usePage } from "../page-context.js";
import { Search } from "../parts/filter.js";
import { Pager } from "../parts/pager.js";
import { Answered, Panel } from "../parts/panel.js";
import { Sparkline } from "../parts/sparkline.js";
import { Status } from "../parts/status.js";
import { type Column, Table } from "../parts/table.js";

const path = "/queues";
const pageSize = 50;

export function QueuesView({ route }: ViewProps) {
  const snapshot = useAnswer<QueueList>(path);
  const { value, change, offset, move } = useFilter(route);
  return (
    <Panel
      title="Queues of this worker"
      source={{ path, result: snapshot.result }}
      aside={<Search label="Find" value={value("find")} onInput={(find) => change({ find })} />}
    >
      <Answered snapshot={snapshot} what="queues">
        {({ queues }) => {
          const found = queues.filter(({ namespace }) => namespace.includes(value("find")));
          return (
            <>
              <QueueTable queues={pageOf(found, offset, pageSize)} />
              <Pager
                what="queues"
                limit={pageSize}
                total={found.length}
                offset={offset}
                onMove={move}
              />
            </>
          );
        }}
      </Answered>
    </Panel>
  );
}

const columns: readonly Column<Queue>[] = [
  { head: "Namespace", cell: ({ namespace }) => namespace },
  { head: "Depth", kind: "number", cell: (queue) => <Depth queue={queue} /> },
  { head: "Depth over time", cell: ({ namespace }) => <Line of="depth" namespace={namespace} /> },
  { head: "Claimable", kind: "number", cell: ({ visible_depth }) => countText(visible_depth) },
  {
    head: "Oldest claimable",
    kind: "number",
    cell: ({ oldest_visible_age_seconds: age }) => ageText(age),
  },
  { head: "Age over time", cell: ({ namespace }) => <Line of="age" namespace={namespace} /> },
  { head: "Oldest", kind: "number", cell: (queue) => ageText(queue.oldest_message_age_seconds) },
  { head: "Steps / s", kind: "number", cell: (queue) => rateText(queue.steps_per_second) },
  { head: "Failed / s", kind: "number", cell: (queue) => <FailedRate queue={queue} /> },
];

export function QueueTable({ queues }: { readonly queues: readonly Queue[] }) {
  if (queues.length === 0)
    return (
      <p class="empty">No queue. The namespaces that this worker serves decide which it has.</p>
    );
  return (
    <Table
      caption="Queues with depth, age and rates"
      columns={columns}
      rows={queues}
      keyOf={({ queue_name }) => queue_name}
      toneOf={({ state }) => (state === "readable" ? undefined : "degraded")}
    />
  );
}

function Depth({ queue }: { readonly queue: QueueNumbers }) {
  if (queue.state !== "readable") return <Status tone="degraded" text={queue.state} />;
  return <>{`${queue.depth_estimated ? "≈ " : ""}${countText(queue.depth)}`}</>;
}

function FailedRate({ queue }: { readonly queue: Queue }) {
  const { failed_per_second: rate } = queue;
  return rate > 0 ? <span class="problem">{rateText(rate)}</span> : <>{rateText(rate)}</>;
}

function Line({ of, namespace }: { readonly of: "depth" | "age"; readonly namespace: string }) {
  const series = usePage().recorder.series.of(`${of} ${namespace}`);
  return of === "depth" ? (
    <Sparkline series={series} label={`Depth of ${namespace}`} format={countText} />
  ) : (
    <Sparkline series={series} label={`Oldest age in ${namespace}`} format={ageText} />
  );
}

export function ageText(seconds: number | null): string {
  return seconds === null ? "–" : durationText(seconds * 1_000);
}
