import { type GraphStep, type PlacedStep, placeSteps } from "../data/step-graph.js";
import { counted } from "../data/texts.js";

const box = { width: 168, height: 38 };
const gap = { x: 52, y: 16 };
const margin = 8;

export interface StepGraphProps {
  readonly steps: readonly GraphStep[];
  /** How a step is marked; undefined for one with nothing to find. */
  readonly toneOf: (name: string) => string | undefined;
}

/** Steps from left to right, each after those that it waits for. The table below it says the same in words. */
export function StepGraph({ steps, toneOf }: StepGraphProps) {
  const placed = placeSteps(steps);
  const byName = new Map(placed.map((step) => [step.name, step]));
  const columns = 1 + Math.max(0, ...placed.map(({ column }) => column));
  const rows = 1 + Math.max(0, ...placed.map(({ row }) => row));
  const width = 2 * margin + columns * (box.width + gap.x) - gap.x;
  const height = 2 * margin + rows * (box.height + gap.y) - gap.y;
  const edges = placed.flatMap((step) =>
    step.dependencies.map((name) => ({ from: byName.get(name), to: step })),
  );
  return (
    <div class="graph" tabIndex={0} role="region" aria-label="Graph of the steps">
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${counted(steps.length, "step")} with ${counted(edges.length, "dependency", "dependencies")}`}
      >
        {edges.map(({ from, to }) =>
          from === undefined ? null : (
            <path key={`${from.name} ${to.name}`} class="edge" d={edgeOf(from, to)} />
          ),
        )}
        {placed.map((step) => (
          <Box key={step.name} step={step} tone={toneOf(step.name)} />
        ))}
      </svg>
    </div>
  );
}

function Box({ step, tone }: { readonly step: PlacedStep; readonly tone: string | undefined }) {
  const { x, y } = placeOf(step);
  return (
    <g class={`step ${tone ?? ""}`}>
      <title>{step.name}</title>
      <rect x={x} y={y} width={box.width} height={box.height} rx={5} />
      <text x={x + 10} y={y + box.height / 2 + 4}>
        {shortened(step.name)}
      </text>
    </g>
  );
}

function placeOf({ column, row }: PlacedStep): { readonly x: number; readonly y: number } {
  return { x: margin + column * (box.width + gap.x), y: margin + row * (box.height + gap.y) };
}

function edgeOf(from: PlacedStep, to: PlacedStep): string {
  const start = placeOf(from);
  const end = placeOf(to);
  const [x1, y1] = [start.x + box.width, start.y + box.height / 2];
  const [x2, y2] = [end.x - 7, end.y + box.height / 2];
  const bend = Math.max(20, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}m-5 -4l5 4l-5 4`;
}

function shortened(name: string): string {
  return name.length <= 24 ? name : `${name.slice(0, 22)}…`;
}
