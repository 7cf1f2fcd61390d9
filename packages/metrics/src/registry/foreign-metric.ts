import type { FamilySnapshot, FamilyType, Labels, Point } from "../family.js";
import { toWellFormed } from "../scrape/label-sets.js";

/** A metric of prom-client, of whatever version, or something that passes for one. */
export interface ForeignMetric {
  get(): Promise<{
    readonly name: string;
    readonly help: string;
    readonly type: unknown;
    readonly values: readonly {
      readonly value: unknown;
      readonly labels?: Readonly<Record<string, unknown>>;
      readonly metricName?: string;
    }[];
  }>;
}

const types: ReadonlySet<unknown> = new Set<FamilyType>([
  "counter",
  "gauge",
  "histogram",
  "summary",
]);
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const parts = ["", "_bucket", "_sum", "_count"];

/**
 * Reads one metric as a family.
 *
 * @param inOpenMetricsMode - whether its registry is; then prom-client may have taken `_total` off a counter's name.
 * @throws whatever it throws; TypeError where it is not a family that could be written.
 */
export async function readForeignMetric(
  metric: ForeignMetric,
  inOpenMetricsMode: boolean,
): Promise<FamilySnapshot> {
  const { name: storedName, help, type, values } = await metric.get();
  if (!metricName.test(storedName) || !types.has(type))
    throw new TypeError("A metric on the registry has no valid name or type.");
  const name =
    type === "counter" && inOpenMetricsMode
      ? `${storedName.replace(/_total$/, "")}_total`
      : storedName;
  const names = new Set(parts.map((part) => name + part));
  const checkedLabels = new Set<string>();
  const points = values.map((stored): Point => {
    const pointName = stored.metricName ?? name;
    if (!names.has(pointName) || typeof stored.value !== "number")
      throw new TypeError(`${name} has a sample that cannot be written.`);
    return {
      name: pointName,
      labels: toLabels(stored.labels ?? {}, checkedLabels),
      value: stored.value + 0,
    };
  });
  return { name, type: type as FamilyType, help, points };
}

function toLabels(labels: Readonly<Record<string, unknown>>, checked: Set<string>): Labels {
  const written: Record<string, string> = {};
  for (const name of Object.keys(labels)) {
    if (!checked.has(name) && !isLabelName(name))
      throw new TypeError("A metric on the registry has an invalid label name.");
    checked.add(name);
    written[name] = toWellFormed(labels[name]);
  }
  return written;
}

/** Whether a sample may have a label of this name; two underscores in front are Prometheus's own. */
export function isLabelName(name: string): boolean {
  return /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}
