// Recording one finished step against a bare prom-client counter child and two histogram children.
// npm run bench -- metrics/record-step
import { createMetricsService, createWorkerContext } from "../../packages/metrics/dist/index.js";
import { claimAtMost } from "../claim.mjs";
import { promClient, sideBySide } from "./side-by-side.mjs";

const { Counter, Histogram, Registry } = promClient;
const steps = 200_000;
const outcomes = ["completed", "retried", "failed"];

function createOurs() {
  const context = createWorkerContext({ workerId: "bench" });
  createMetricsService({ context });
  const recorder = context.steps.recorder("orders");
  return () => {
    for (let step = 0; step < steps; step += 1) {
      recorder.started(step % 900);
      recorder.finished(outcomes[step % 3], step % 4_000);
    }
  };
}

function createTheirs() {
  const registers = [new Registry()];
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
  const total = new Counter({
    name: "steps_total",
    help: "Steps.",
    labelNames: ["namespace", "outcome"],
    registers,
  });
  const duration = new Histogram({
    name: "duration_seconds",
    help: "Duration.",
    labelNames: ["namespace", "outcome"],
    buckets,
    registers,
  });
  const wait = new Histogram({
    name: "wait_seconds",
    help: "Wait.",
    labelNames: ["namespace"],
    buckets,
    registers,
  });
  const waits = wait.labels({ namespace: "orders" });
  const children = outcomes.map((outcome) => ({
    total: total.labels({ namespace: "orders", outcome }),
    duration: duration.labels({ namespace: "orders", outcome }),
  }));
  return () => {
    for (let step = 0; step < steps; step += 1) {
      waits.observe((step % 900) / 1_000);
      const child = children[step % 3];
      child.total.inc();
      child.duration.observe((step % 4_000) / 1_000);
    }
  };
}

const { ours, theirs } = await sideBySide({ ours: createOurs(), theirs: createTheirs() });
const perStep = (ms) => `${Math.round((ms * 1e6) / steps)} ns`;
console.log(`     one step: ${perStep(ours)}, bare prom-client: ${perStep(theirs)}`);
claimAtMost(
  "recording one finished step, times one counter child and two histogram children",
  ours / theirs,
  1.5,
);
