import type { ExpositionFamily, ExpositionFormat, ExpositionSample } from "./exposition.js";

/** What must be true of families once their lines are read. @throws Error naming the family. */
export function checkFamilies(
  families: readonly ExpositionFamily[],
  format: ExpositionFormat,
): void {
  const names = new Set<string>();
  const reserved = new Set<string>();
  const series = new Set<string>();
  for (const family of families) {
    failIf(names.has(family.name), family, "is there twice");
    names.add(family.name);
    for (const name of reservedNames(family, format)) {
      failIf(reserved.has(name), family, `has ${name}, which another family has`);
      reserved.add(name);
    }
    for (const sample of family.samples) {
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      failIf(series.has(key), family, `has the sample ${key} twice`);
      series.add(key);
      checkSample(family, sample, format);
    }
    if (family.type === "histogram") checkHistogram(family);
  }
}

function checkSample(
  family: ExpositionFamily,
  { name, labels, value, exemplar }: ExpositionSample,
  format: ExpositionFormat,
): void {
  failIf(!sampleNames(family, format).includes(name), family, `has a sample named ${name}`);
  failIf(family.type === "counter" && !(value >= 0), family, `has counted ${value}`);
  failIf(
    exemplar !== undefined && !/^(?:counter|histogram)$/.test(family.type),
    family,
    "has an exemplar, which only counters and histograms may have",
  );
  failIf(
    exemplar !== undefined && family.type === "histogram" && !name.endsWith("_bucket"),
    family,
    "has an exemplar that is no bucket's",
  );
  failIf(
    name.endsWith("_bucket") && family.type === "histogram" && labels.le === undefined,
    family,
    "has a bucket without a bound",
  );
  failIf(
    name === family.name && family.type === "summary" && labels.quantile === undefined,
    family,
    "has a value without a quantile",
  );
}

function sampleNames({ name, type }: ExpositionFamily, format: ExpositionFormat): string[] {
  if (type === "histogram") return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  if (type === "summary") return [name, `${name}_sum`, `${name}_count`];
  return [type === "counter" && format === "openmetrics" ? `${name}_total` : name];
}

/** The names that no other family may have for its samples: by the letter of OpenMetrics those of creation times too. */
function reservedNames(family: ExpositionFamily, format: ExpositionFormat): string[] {
  const names = sampleNames(family, format);
  return format === "openmetrics" && /^(?:counter|histogram|summary)$/.test(family.type)
    ? [...names, `${family.name}_created`]
    : names;
}

interface Histogram {
  readonly buckets: { readonly bound: number; readonly count: number }[];
  count: number | undefined;
  sum: number | undefined;
}

function checkHistogram(family: ExpositionFamily): void {
  const histograms = new Map<string, Histogram>();
  for (const { name, labels, value } of family.samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(Object.entries(others).sort());
    const histogram = histograms.get(key) ?? { buckets: [], count: undefined, sum: undefined };
    histograms.set(key, histogram);
    if (name.endsWith("_bucket"))
      histogram.buckets.push({
        bound: le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le),
        count: value,
      });
    else if (name.endsWith("_count")) histogram.count = value;
    else histogram.sum = value;
  }
  for (const histogram of histograms.values()) checkBuckets(family, histogram);
}

function checkBuckets(family: ExpositionFamily, { buckets, count, sum }: Histogram): void {
  failIf(
    count === undefined || sum === undefined,
    family,
    "has a histogram without _count or _sum",
  );
  failIf(
    buckets.at(-1)?.bound !== Number.POSITIVE_INFINITY || buckets.at(-1)?.count !== count,
    family,
    "has a histogram whose last bucket is not +Inf, or not its _count",
  );
  buckets.forEach(({ bound, count: upTo }, index) => {
    const before = buckets[index - 1];
    failIf(
      Number.isNaN(bound) ||
        (before !== undefined && (before.bound >= bound || before.count > upTo)),
      family,
      `has buckets out of order at ${bound}`,
    );
  });
}

function failIf(isWrong: boolean, family: ExpositionFamily, problem: string): void {
  if (isWrong) throw new Error(`Exposition text: the family ${family.name} ${problem}.`);
}
