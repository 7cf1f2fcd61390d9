import type { Series } from "../data/series.js";
import { durationText } from "../data/texts.js";

const width = 120;
const height = 22;

export interface SparklineProps {
  readonly series: Series;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly format: (value: number) => string;
}

/** A small line of the last hour, or of as much of it as the page has seen. */
export function Sparkline({ series: { points }, label, format }: SparklineProps) {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2)
    return <span class="dim no-line">collecting</span>;
  const highest = Math.max(...points.map(({ value }) => value));
  const span = last.at - first.at;
  const x = (at: number): string => ((at - first.at) * (width / span)).toFixed(1);
  const y = (value: number): string =>
    (height - 2 - (highest === 0 ? 0 : (value / highest) * (height - 4))).toFixed(1);
  const line = points.map(({ at, value }) => `${x(at)},${y(value)}`).join(" ");
  const text = `${label}: ${format(last.value)} now, at most ${format(highest)} in ${durationText(span)}`;
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
    >
      <title>{text}</title>
      <polygon points={`0,${height - 1} ${line} ${width},${height - 1}`} />
      <polyline points={line} />
    </svg>
  );
}
