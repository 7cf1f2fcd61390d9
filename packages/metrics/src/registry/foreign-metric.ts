import {
  type Exemplar,
  type FamilySnapshot,
  type FamilyType,
  type Labels,
  type Point,
  sampleNamesOf,
} from "../family.js";
import { toWellFormed } from "../scrape/label-sets.js";

/** As prom-client keeps it, and changes it in place. */
interface ForeignExemplar {
  readonly labelSet?: Readonly<Record<string, unknown>>;
  readonly value?: unknown;
  readonly timestamp?: unknown;
}

/** A metric of any version of prom-client, or a compatible object. */
export interface ForeignMetric {
  get(): Promise<{
    readonly name: string;
    readonly help?: string;
    readonly type: unknown;
    readonly values: readonly {
      readonly value: unknown;
      readonly labels?: Readonly<Record<string, unknown>>;
      readonly metricName?: string;
      readonly exemplar?: ForeignExemplar | null;
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

/**
 * Reads one metric as a family.
 *
 * @param toRegisteredName - maps the name that a metric has now to the name it was registered with.
 * @throws whatever it throws; TypeError if it is no family that can be written.
 */
export async function readForeignMetric(
  metric: ForeignMetric,
  toRegisteredName: (storedName: string) => string,
): Promise<FamilySnapshot> {
  const { name: storedName, help, type, values } = await metric.get();
  if (!metricName.test(storedName) || !types.has(type))
    throw new TypeError("A metric on the registry has no valid name or type.");
  const family = {
    name: toRegisteredName(storedName),
    type: type as FamilyType,
    help: toWellFormed(help ?? ""),
  };
  const names = new Set(sampleNamesOf(family));
  const checkedLabels = new Set<string>();
  const points = values.map((stored): Point => {
    const name = stored.metricName ?? family.name;
    if (!names.has(name) || typeof stored.value !== "number")
      throw new TypeError(`${family.name} has a sample that cannot be written.`);
    return {
      name,
      labels: toLabels(stored.labels ?? {}, checkedLabels),
      value: stored.value + 0,
      exemplar: toExemplar(stored.exemplar),
    };
  });
  return { ...family, points };
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

/** The most characters of an exemplar's label names and values together, by OpenMetrics. */
const maxExemplarCharacters = 128;

/** Undefined if there is none, or none that could be written: the sample is kept without its exemplar. */
function toExemplar(stored: ForeignExemplar | null | undefined): Exemplar | undefined {
  if (typeof stored?.value !== "number" || !Number.isFinite(stored.value)) return undefined;
  const { labelSet = {}, value, timestamp } = stored;
  const labels: Record<string, string> = {};
  let characters = 0;
  for (const name of Object.keys(labelSet)) {
    if (!isLabelName(name)) return undefined;
    const text = toWellFormed(labelSet[name]);
    labels[name] = text;
    characters += name.length + Array.from(text).length;
  }
  if (characters > maxExemplarCharacters) return undefined;
  return {
    labels,
    value: value + 0,
    timestamp: typeof timestamp === "number" && Number.isFinite(timestamp) ? timestamp : null,
  };
}
