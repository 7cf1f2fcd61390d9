import type { ComponentChildren } from "preact";
import type { Health, Metrics } from "../data/answers.js";
import { hashOf } from "../data/route.js";
import { totalOf } from "../data/step-numbers.js";
import { countText, counted, latencyText, rateText } from "../data/texts.js";
import { fleetStates, type Fleet, type QueueList } from "../data/work-answers.js";
import { useAnswer, usePage } from "../page-context.js";
import { Answered, Panel } from "../parts/panel.js";
import { Sparkline, type SparklineProps } from "../parts/sparkline.js";
import { CheckTable, Transitions } from "./checks-view.js";
import { ageText } from "./queues-view.js";
import { StepCharts } from "./steps-view.js";

const path = "/health/detailed";

/** Everything at a glance; each figure leads to its view. */
export function OverviewView() {
  const snapshot = useAnswer<Health>(path);
  return (
    <>
      <div class="figures">
        <StepFigure />
        <QueueFigures />
        <FleetFigure />
      </div>
      <Panel title="Checks" source={{ path, result: snapshot.result }}>
        <Answered snapshot={snapshot} what="checks">
          {({ checks }) => <CheckTable checks={checks} />}
        </Answered>
      </Panel>
      <StepCharts />
      <Transitions />
    </>
  );
}

function StepFigure() {
  const { result, problem } = useAnswer<Metrics>("/metrics/worker");
  const { steps, series } = usePage().recorder;
  if (result === null) return problem === null ? null : <Missing view="steps" title="Steps" />;
  const { perSecond, p95Ms, failed, retried } = totalOf(steps);
  return (
    <>
      <Figure
        view="steps"
        title="Steps a second"
        value={rateText(perSecond)}
        note={`p95 ${latencyText(p95Ms)} at the slowest handler`}
        line={{ series: series.of("steps"), label: "Steps a second", format: rateText }}
      />
      <Figure
        view="steps"
        title="Failed, last minute"
        value={countText(failed)}
        tone={failed > 0 ? "problem" : undefined}
        note={`and ${countText(retried)} retried`}
        line={{ series: series.of("failures"), label: "Failed or retried", format: countText }}
      />
    </>
  );
}

function QueueFigures() {
  const { result, problem } = useAnswer<QueueList>("/queues");
  const { series } = usePage().recorder;
  if (result === null) return problem === null ? null : <Missing view="queues" title="Queues" />;
  const { queues, dead_letters: deadLetters } = result;
  const depth = queues.reduce((total, each) => total + (each.depth ?? 0), 0);
  const oldest = Math.max(0, ...queues.map((each) => each.oldest_visible_age_seconds ?? 0));
  const dead = deadLetters.reduce((total, each) => total + (each.depth ?? 0), 0);
  return (
    <>
      <Figure
        view="queues"
        title="Waiting steps"
        value={countText(depth)}
        note={`in ${counted(queues.length, "queue")}`}
        line={{ series: series.of("depth"), label: "Waiting steps", format: countText }}
      />
      <Figure
        view="queues"
        title="Oldest claimable"
        value={ageText(oldest)}
        note="waits to be claimed"
        line={{ series: series.of("age"), label: "Oldest age", format: ageText }}
      />
      <Figure
        view="dead-letters"
        title="Dead letters"
        value={countText(dead)}
        tone={dead > 0 ? "warning" : undefined}
        note={`in ${counted(deadLetters.length, "namespace")}`}
      />
    </>
  );
}

function FleetFigure() {
  const { result } = useAnswer<Fleet>("/fleet?limit=100", 10_000);
  if (result === null) return null;
  const { counts } = result;
  const all = fleetStates.reduce((total, state) => total + counts[state], 0);
  const lost = counts.lost > 0 ? `, ${countText(counts.lost)} lost` : "";
  return (
    <Figure
      view="fleet"
      title="Workers"
      value={countText(all)}
      tone={counts.lost > 0 ? "warning" : undefined}
      note={`${countText(counts.running)} running${lost}`}
    />
  );
}

interface FigureProps {
  readonly view: string;
  readonly title: string;
  readonly value: ComponentChildren;
  readonly note: string;
  readonly tone?: "problem" | "warning" | undefined;
  readonly line?: SparklineProps;
}

function Figure({ view, title, value, note, tone, line }: FigureProps) {
  return (
    <a class="figure" href={hashOf([view])}>
      <span class="dim">{title}</span>
      <strong class={tone}>{value}</strong>
      <span class="dim">{note}</span>
      {line !== undefined && <Sparkline {...line} />}
    </a>
  );
}

function Missing({ view, title }: { readonly view: string; readonly title: string }) {
  return <Figure view={view} title={title} value="–" note="not available on this worker" />;
}
