import type { ViewProps } from "../app.js";
import type { Metrics } from "../data/answers.js";
import type { StepNumbers } from "../data/step-numbers.js";
import { counted, countText, latencyText, rateText } from "../data/texts.js";
import type { RunningStep, RunningSteps } from "../data/work-answers.js";
import { useAnswer, usePage } from "../page-context.js";
import { Chart } from "../parts/chart.js";
import { Ago } from "../parts/instant.js";
import { Pager } from "../parts/pager.js";
import { Answered, Panel } from "../parts/panel.js";
import { Sparkline } from "../parts/sparkline.js";
import { Status } from "../parts/status.js";
import { type Column, Table } from "../parts/table.js";
import { pageOf, useFilter } from "../parts/use-filter.js";

const metricsPath = "/metrics/worker";
const runningPath = "/steps/running?limit=100";
const pageSize = 50;

export function StepsView({ route }: ViewProps) {
  const snapshot = useAnswer<Metrics>(metricsPath);
  const running = useAnswer<RunningSteps>(runningPath);
  const { steps } = usePage().recorder;
  const { offset, move } = useFilter(route);
  return (
    <>
      <StepCharts />
      <Panel
        title="By handler, last minute"
        source={{ path: metricsPath, result: snapshot.result }}
      >
        <Answered snapshot={snapshot} what="metrics">
          {() => <StepTable steps={pageOf(steps, offset, pageSize)} />}
        </Answered>
        <Pager
          what="handlers"
          limit={pageSize}
          total={steps.length}
          offset={offset}
          onMove={move}
        />
      </Panel>
      <Panel title="Running now" source={{ path: runningPath, result: running.result }}>
        <Answered snapshot={running} what="running steps">
          {(answer) => <RunningTable {...answer} />}
        </Answered>
      </Panel>
    </>
  );
}

export function StepCharts() {
  const { series } = usePage().recorder;
  return (
    <div class="charts">
      <Panel title="Steps a second">
        <Chart
          title="Steps a second"
          format={rateText}
          lines={[{ label: "steps / s", series: series.of("steps"), color: "--accent" }]}
        />
      </Panel>
      <Panel title="Duration of the slowest handler">
        <Chart
          title="Duration"
          format={latencyText}
          lines={[
            { label: "p95", series: series.of("p95"), color: "--degraded" },
            { label: "p50", series: series.of("p50"), color: "--accent" },
          ]}
        />
      </Panel>
    </div>
  );
}

const columns: readonly Column<StepNumbers>[] = [
  {
    head: "Step",
    cell: ({ namespace, template, step }) => (
      <>
        {step} <span class="dim">{`${namespace} / ${template}`}</span>
      </>
    ),
  },
  { head: "Steps / s", kind: "number", cell: ({ perSecond }) => rateText(perSecond) },
  { head: "Over time", cell: (numbers) => <RateLine numbers={numbers} /> },
  { head: "p50", kind: "number", cell: ({ p50Ms }) => latencyText(p50Ms) },
  { head: "p95", kind: "number", cell: ({ p95Ms }) => latencyText(p95Ms) },
  {
    head: "Retried",
    kind: "number",
    cell: ({ retried }) => <Errors count={retried} tone="warning" />,
  },
  {
    head: "Failed",
    kind: "number",
    cell: ({ failed }) => <Errors count={failed} tone="problem" />,
  },
  { head: "Since start", kind: "number", cell: ({ total }) => countText(total) },
];

function StepTable({ steps }: { readonly steps: readonly StepNumbers[] }) {
  if (steps.length === 0) return <p class="empty">No step has run since this worker started.</p>;
  return (
    <Table
      caption="Steps by handler: rate, durations and failures"
      columns={columns}
      rows={steps}
      keyOf={({ namespace, template, step }) => `${namespace}/${template}/${step}`}
    />
  );
}

function RateLine({ numbers }: { readonly numbers: StepNumbers }) {
  const { namespace, template, step } = numbers;
  const series = usePage().recorder.series.of(`steps ${namespace}/${template}/${step}`);
  return <Sparkline series={series} label={`${step} a second`} format={rateText} />;
}

function Errors({ count, tone }: { readonly count: number; readonly tone: "warning" | "problem" }) {
  return count > 0 ? <span class={tone}>{countText(count)}</span> : <>0</>;
}

const runningColumns: readonly Column<RunningStep>[] = [
  {
    head: "Step",
    cell: ({ namespace, template, step }) => (
      <>
        {step} <span class="dim">{`${namespace} / ${template}`}</span>
      </>
    ),
  },
  { head: "Runs for", kind: "number", cell: ({ running_ms }) => latencyText(running_ms) },
  { head: "Time-out", kind: "number", cell: ({ timeout_ms }) => latencyText(timeout_ms) },
  {
    head: "State",
    cell: ({ is_overdue }) =>
      is_overdue ? (
        <Status tone="unhealthy" text="overdue" />
      ) : (
        <Status tone="healthy" text="in time" />
      ),
  },
  {
    head: "Attempt",
    kind: "number",
    cell: ({ attempt, max_attempts }) => `${attempt} of ${max_attempts}`,
  },
  { head: "Started", kind: "number", cell: ({ started_at }) => <Ago at={started_at} /> },
  { head: "Step id", kind: "wide", cell: ({ step_id }) => <code>{step_id}</code> },
];

function RunningTable({ steps, total }: RunningSteps) {
  if (steps.length === 0) return <p class="empty">No step runs at this instant.</p>;
  return (
    <>
      <Table
        caption="Steps that run now, the longest-running first"
        columns={runningColumns}
        rows={steps}
        keyOf={({ message_id, namespace }) => `${namespace} ${message_id}`}
        toneOf={({ is_overdue }) => (is_overdue ? "unhealthy" : undefined)}
      />
      {total > steps.length && (
        <p class="dim">{`The ${counted(steps.length, "longest-running step", "longest-running steps")} of ${countText(total)}.`}</p>
      )}
    </>
  );
}
