// A scrape of 10 000 series against prom-client's own rendering of the same registry.
// npm run bench -- metrics/scrape-10000-series
import { createMetricsService, createWorkerContext } from "../../packages/metrics/dist/index.js";
import { claimAtMost } from "../claim.mjs";
import { promClient, sideBySide } from "./side-by-side.mjs";

const context = createWorkerContext({
  workerId: "bench",
  ports: { queues: { statistics: async () => queues } },
});
const namespaces = Array.from({ length: 150 }, (_, index) => `namespace_${index}`);
const queues = namespaces.map((namespace, index) => ({
  namespace,
  queue_name: `${namespace}_queue`,
  state: "readable",
  depth: index * 7,
  visible_depth: index * 3,
  oldest_message_age_seconds: index / 3,
  oldest_visible_age_seconds: index / 7,
  depth_estimated: false,
}));
const service = createMetricsService({ context });
for (const namespace of namespaces) {
  const recorder = context.steps.recorder(namespace);
  for (const outcome of ["completed", "retried", "failed"]) {
    recorder.started(12.5);
    recorder.finished(outcome, 130.25);
  }
}

const series = (await service.prometheusFormat())
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#")).length;
// The same numbers, kept by prom-client alone: no collector of ours runs when these are rendered.
const bare = new promClient.Registry();
for (const family of await service.registry.getMetricsAsJSON()) copyTo(bare, family);
copySteps(bare);
const bareSeries = (await bare.metrics())
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#")).length;
if (series < 10_000 || bareSeries !== series)
  throw new Error(`The two sides differ: ${series} series and ${bareSeries}.`);

function copyTo(registry, { name, help, type, values }) {
  if (type === "histogram") return;
  const labelNames = [...new Set(values.flatMap(({ labels }) => Object.keys(labels)))];
  const Metric = type === "counter" ? promClient.Counter : promClient.Gauge;
  const metric = new Metric({ name, help, labelNames, registers: [registry] });
  for (const { labels, value } of values) metric.inc(labels, value);
}

function copySteps(registry) {
  const duration = service.registry.getSingleMetric("tasker_worker_step_duration_seconds");
  const wait = service.registry.getSingleMetric("tasker_worker_step_wait_seconds");
  for (const metric of [duration, wait]) {
    const { name, help, labelNames, buckets } = metric;
    const copy = new promClient.Histogram({
      name,
      help,
      labelNames,
      buckets: [...buckets],
      registers: [registry],
    });
    for (const namespace of namespaces) {
      if (metric === wait)
        for (let step = 0; step < 3; step += 1) copy.observe({ namespace }, 0.0125);
      else
        for (const outcome of ["completed", "retried", "failed"])
          copy.observe({ namespace, outcome }, 0.13025);
    }
  }
}

const { ours, theirs } = await sideBySide({
  ours: () => service.prometheusFormat(),
  theirs: () => bare.metrics(),
});
console.log(
  `     ${series} series: ${ours.toFixed(1)} ms, registry.metrics(): ${theirs.toFixed(1)} ms`,
);
claimAtMost("a scrape of 10 000 series, times bare registry.metrics()", ours / theirs, 1.3);
