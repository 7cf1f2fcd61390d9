import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Series } from "../data/series.js";

/** One line of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly series: Series;
  /** A custom property of the style sheet. */
  readonly color: "--accent" | "--degraded" | "--unhealthy" | "--dim";
}

export interface ChartProps {
  /** What it shows, for those who do not see it. */
  readonly title: string;
  readonly lines: readonly ChartLine[];
  readonly format: (value: number) => string;
}

const height = 150;

/** The last hour, once there is a line to draw. */
export function Chart(props: ChartProps) {
  const isDrawable = props.lines.some(({ series }) => series.points.length > 1);
  return isDrawable ? <Plot {...props} /> : <p class="empty">Collecting.</p>;
}

/** The legend has the values under the pointer, else the last. */
function Plot({ title, lines, format }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    return keepDrawn(element, (width) => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(lines, format, width), toColumns(lines), element);
      show(plot.current, toColumns(lines));
    });
  }, []);
  // Every poll renders the view again.
  useEffect(() => {
    if (plot.current !== null) show(plot.current, toColumns(lines));
  });
  const summary = lines.map(({ label, series }) => `${label} ${format(series.last ?? 0)}`);
  return (
    <div class="chart" ref={frame} role="img" aria-label={`${title}: ${summary.join(", ")}`} />
  );
}

/** The legend has the last values until the pointer is on the chart. */
function show(plot: uPlot, columns: uPlot.AlignedData): void {
  plot.setData(columns);
  if (!Number.isFinite(plot.cursor.idx)) plot.setLegend({ idx: columns[0].length - 1 });
}

/** Draws at once, and again where the width or the theme changes. @returns what ends it. */
function keepDrawn(element: HTMLElement, draw: (width: number) => void): () => void {
  let width = 0;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    draw(width);
  });
  observer.observe(element);
  const theme = matchMedia("(prefers-color-scheme: dark)");
  const redraw = (): void => draw(width);
  theme.addEventListener("change", redraw);
  return () => {
    observer.disconnect();
    theme.removeEventListener("change", redraw);
  };
}

/** All lines are recorded at the same instants. */
function toColumns(lines: readonly ChartLine[]): uPlot.AlignedData {
  const longest = lines.map(({ series }) => series.points).sort((a, b) => b.length - a.length)[0];
  const instants = (longest ?? []).map(({ at }) => at);
  const columns = lines.map(({ series }) => {
    const values = new Map(series.points.map(({ at, value }) => [at, value]));
    return instants.map((at) => values.get(at) ?? null);
  });
  return [instants.map((at) => at / 1_000), ...columns];
}

function optionsOf(
  lines: readonly ChartLine[],
  format: (value: number) => string,
  width: number,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color("--dim"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "11px system-ui, sans-serif",
  };
  return {
    width,
    height,
    cursor: { y: false, drag: { x: false, y: false } },
    legend: { live: true },
    axes: [
      { ...axis, size: 28, space: 90, values: (_, instants) => instants.map(clockText) },
      { ...axis, size: 56, values: (_, values) => values.map(format) },
    ],
    scales: { y: { range: (_, __, highest) => [0, Math.max(highest * 1.1, 0.001)] } },
    series: [
      { value: (_, at) => (Number.isFinite(at) ? clockText(at) : "") },
      ...lines.map(({ label, color: name }) => ({
        label,
        stroke: color(name),
        width: 1.5,
        spanGaps: true,
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? "–" : format(value)),
      })),
    ],
  };
}

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

function clockText(seconds: number): string {
  return clock.format(seconds * 1_000);
}
