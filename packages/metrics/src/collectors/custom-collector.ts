import { functionOption, objectAsGiven, textOption } from "@tasker-observability/core/options";
import * as z from "zod";
import type { Collector, Readings } from "../collector.js";
import type { Family } from "../family.js";
import { isLabelName } from "../registry/foreign-metric.js";

/** One number of a custom collector. */
export interface CustomSample {
  readonly value: number;
  /** A text for each of the collector's labels. @default none */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

type Collect = (signal: AbortSignal) => CustomSamples | Promise<CustomSamples>;
type CustomSamples = number | readonly CustomSample[];

const customCollectorSchema = z.strictObject({
  /** The metric's name, which is also the value of the label `collector`; a counter's ends in `_total`. */
  name: textOption("a metric name", (name) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)),
  /** One line for people. */
  help: textOption(),
  type: z.enum(["gauge", "counter"]),
  /** Names of the labels that every sample has. @default none */
  labels: z.array(textOption("a label name", isLabelName)).readonly().optional(),
  /** Reads the number, or a list of `{ value, labels }`. The signal is aborted at the time-out. */
  collect: functionOption<Collect>("async (signal) => [{ value, labels }]"),
});
/** A metric of the application's own. */
export type CustomCollector = z.input<typeof customCollectorSchema>;

/** Collectors of which no two have the same name; a counter's ends in `_total`. */
export const customCollectorsOption = z
  .array(objectAsGiven(customCollectorSchema))
  .readonly()
  .superRefine((collectors, context) => {
    const taken = new Set<string>();
    collectors.forEach(({ name, type }, index) => {
      const path = `collectors[${index}].name`;
      const refuse = (message: string): void => context.addIssue({ code: "custom", message });
      if (taken.has(name))
        refuse(`${path} is "${name}", which another collector has already: choose another name.`);
      if ((type === "counter") !== name.endsWith("_total"))
        refuse(`${path} must end in _total for a counter, and for nothing else.`);
      taken.add(name);
    });
  });

/** Reads a custom collector's fields, each once, and accepts only samples that can be written. */
export function readCustomCollector(custom: CustomCollector): Collector {
  const { name, help, type, labels = [] } = custom;
  const family: Family = { name, help, type, labels: [...labels] };
  return {
    name,
    families: [family],
    async collect(readings, signal) {
      // Called as a method, so that an object with a state of its own works as a collector.
      const samples: unknown = await custom.collect(signal);
      record(readings, family, typeof samples === "number" ? [{ value: samples }] : samples);
    },
  };
}

/** @throws TypeError that names the collector and what is wrong with its samples. */
function record(readings: Readings, family: Family, samples: unknown): void {
  if (!Array.isArray(samples))
    throw new TypeError(`${family.name}: collect() must return a number or a list of samples.`);
  samples.forEach((sample: unknown, index) => {
    const place = `${family.name}: sample ${index}`;
    const { value, labels = {} } = toRecord(sample);
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new TypeError(`${place} must have a finite number as its value.`);
    readings.record(family, labelValuesOf(place, family, toRecord(labels)), value);
  });
}

function labelValuesOf(
  place: string,
  { labels }: Family,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  const unknown = Object.keys(given).find((name) => !labels.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`${place} has a label that the collector does not declare.`);
  return labels.map((name) => {
    const value = given[name];
    if (typeof value === "string") return value;
    throw new TypeError(`${place} must have a string for the label ${name}.`);
  });
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
