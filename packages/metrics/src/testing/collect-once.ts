import type { Collected, Collector } from "../collector.js";
import { FamilyReadings } from "../scrape/family-readings.js";
import { LabelSets } from "../scrape/label-sets.js";

/** One run of one collector, as tests look at it: lines like those of the text, without HELP and TYPE. */
export async function collectOnce(
  collector: Collector,
  limit = 1_000,
): Promise<{ readonly samples: Record<string, number>; readonly complete: boolean }> {
  const readings = new FamilyReadings(
    new Map(
      collector.families.map((family) => [
        family,
        new LabelSets({ names: family.labels, limit, onOverflow: () => undefined }),
      ]),
    ),
  );
  await collector.collect(readings, new AbortController().signal);
  const collected = readings.finish();
  return { samples: toSamples(collected), complete: collected.complete };
}

function toSamples({ families }: Collected): Record<string, number> {
  const points = families.flatMap((family) => family.points);
  return Object.fromEntries(
    points.map(({ name, labels, value }) => {
      const text = Object.entries(labels).map(([label, labelValue]) => `${label}=${labelValue}`);
      return [text.length === 0 ? name : `${name}{${text.join(",")}}`, value];
    }),
  );
}
