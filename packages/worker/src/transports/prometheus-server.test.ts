import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startToolServer, type ToolServer } from "@tasker-observability/testkit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWorker } from "../create-worker.js";
import { toWorkerOptions } from "../options/to-worker-options.js";
import type { StepHandler } from "../running/step-handler.js";
import {
  createWorkerHarness,
  eventually,
  stepNamed,
  testConfig,
  type WorkerHarness,
} from "../testing/worker-harness.js";
import type { Worker } from "../worker.js";

const { PROMETHEUS, PROMTOOL } = process.env;
const docs = fileURLToPath(new URL("../../../../docs/prometheus", import.meta.url));
const waitLimits = { timeout: 30_000, interval: 100 };
/** A namespace that would forge a series where labels are not escaped. */
const hostileNamespace = 'a"} 1\nup{job="prod\\ \0\u2028';

let harness: WorkerHarness;
let worker: Worker;
beforeAll(async () => {
  harness = await createWorkerHarness();
  const Test: StepHandler = async (input, { step }) => {
    if (input === "fail" || (input === "fail once" && step.attempt === 1)) throw new Error("no");
  };
  const config = testConfig({
    url: harness.database.url,
    templates: harness.templates,
    worker: { web: { enabled: true }, health: { cache_ttl_ms: 0 } },
  });
  worker = await createWorker({ ...toWorkerOptions(config), handlers: { Test } });
  await worker.start();
  worker.context.steps.recorder(hostileNamespace).finished("completed", 1_200);
  await worker.enqueue(
    stepNamed("plain", "a"),
    stepNamed("plain", "fail once"),
    stepNamed("once", "fail"),
  );
  await eventually("the steps", () => worker.context.steps.window().samples === 5);
});
afterAll(async () => {
  await worker.stop();
  await harness.close();
});

describe.skipIf(PROMTOOL === undefined)("promtool", () => {
  it("accepts what a live worker answers", async () => {
    const text = await (await fetch(`${worker.url}/metrics`)).text();
    expect(text).toContain(
      'tasker_worker_steps_total{namespace="payments",template="refund",step="plain",outcome="completed"} 2',
    );
    expect(text).toContain('tasker_worker_dead_letters{namespace="payments"} 1\n');
    expect(text).toMatch(/^tasker_worker_dead_letter_oldest_age_seconds\{namespace="payments"\} /m);
    const output = await new Promise<string>((resolve) => {
      const child = execFile(PROMTOOL ?? "", ["check", "metrics"], (_, stdout, stderr) =>
        resolve(`${stdout}${stderr}${child.exitCode}`),
      );
      child.stdin?.end(text);
    });
    expect(output).toBe("0");
  });
});

describe.skipIf(PROMETHEUS === undefined)("a real Prometheus", () => {
  let folder: string;
  let textOnly: Server;
  let prometheus: ToolServer;
  const asked: IncomingHttpHeaders[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prometheus-"));
    textOnly = createServer((request, response) => {
      asked.push(request.headers);
      void fetch(`${worker.url}/metrics`).then(async (answer) =>
        response
          .setHeader("Content-Type", answer.headers.get("Content-Type") ?? "")
          .end(await answer.text()),
      );
    });
    await once(textOnly.listen(0, "127.0.0.1"), "listening");
    await writeConfiguration({
      "tasker-worker": new URL(worker.url ?? "").host,
      text: `127.0.0.1:${(textOnly.address() as AddressInfo).port}`,
    });
    prometheus = await startToolServer(PROMETHEUS, (address) => [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ]);
  });
  afterAll(async () => {
    await prometheus.stop();
    textOnly.close();
    textOnly.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  /** The shipped rules, but for the time that an alert waits. */
  async function writeConfiguration(targets: Readonly<Record<string, string>>): Promise<void> {
    const alerts = await readFile(join(docs, "alert-rules.yml"), "utf8");
    await writeFile(join(folder, "alert-rules.yml"), alerts.replaceAll(/^\s+for: .*\n/gm, ""));
    const global = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
    const rule_files = ["alert-rules.yml", join(docs, "recording-rules.yml")];
    const scrape_configs = Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    }));
    await writeFile(
      join(folder, "prometheus.yml"),
      JSON.stringify({ global, rule_files, scrape_configs }),
    );
  }

  async function query(
    expression: string,
  ): Promise<{ readonly metric: Record<string, string>; readonly value: [number, string] }[]> {
    const response = await fetch(
      `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    return ((await response.json()) as { data: { result: [] } }).data.result;
  }

  it.each(["tasker-worker", "text"])(
    "scrapes the worker as the job %s, and a query returns what the worker did",
    async (job) => {
      await vi.waitFor(async () => {
        const found = await query(
          `sum by (namespace, outcome) (tasker_worker_steps_total{job="${job}"}) > 0`,
        );
        expect(
          found.map(({ metric, value }) => [metric.namespace, metric.outcome, value[1]]).sort(),
        ).toEqual(
          [
            [hostileNamespace, "completed", "1"],
            ["payments", "completed", "2"],
            ["payments", "failed", "1"],
            ["payments", "retried", "1"],
          ].sort(),
        );
      }, waitLimits);
      const retried = await query(`tasker_worker_steps_total{job="${job}",outcome="retried"} > 0`);
      expect(retried.map(({ metric }) => [metric.template, metric.step])).toEqual([
        ["refund", "plain"],
      ]);
      expect((await query("up")).map(({ metric, value }) => [metric.job, value[1]])).toContainEqual(
        [job, "1"],
      );
      expect(await query('up{job="prod"}')).toEqual([]);
      const buckets = await query(
        `tasker_worker_step_duration_seconds_bucket{job="${job}",outcome="completed",le=~"1.0|2.5"} > 0`,
      );
      expect(
        buckets.map(({ metric, value }) => [metric.namespace, metric.le, value[1]]),
      ).toContainEqual([hostileNamespace, "2.5", "1"]);
    },
  );

  it("asks for OpenMetrics and sends its time-out, and stores one and the same series for either format", async () => {
    expect(asked[0]).toMatchObject({
      accept: expect.stringContaining("application/openmetrics-text"),
      "x-prometheus-scrape-timeout-seconds": "1",
    });
    const seriesOf = async (job: string): Promise<string[]> =>
      (
        await query(
          `count by (__name__, le, namespace, template, step, outcome, collector) ({__name__=~"tasker_worker_.+",job="${job}"})`,
        )
      )
        .map(({ metric }) => JSON.stringify(Object.entries(metric).sort()))
        .sort();
    await vi.waitFor(async () => {
      const [openMetrics, text] = await Promise.all([seriesOf("tasker-worker"), seriesOf("text")]);
      expect(openMetrics).toEqual(text);
      expect(text.length).toBeGreaterThan(50);
    }, waitLimits);
  });

  it("fires a shipped alert once the worker cannot read a queue", async () => {
    await harness.query("select pgmq.drop_queue('payments_queue')");
    await vi.waitFor(async () => {
      const response = await fetch(`${prometheus.url}/api/v1/alerts`);
      const { data } = (await response.json()) as {
        data: {
          alerts: {
            labels: Record<string, string>;
            state: string;
            annotations: Record<string, string>;
          }[];
        };
      };
      const alert = data.alerts.find(
        ({ labels, state }) =>
          labels.alertname === "TaskerWorkerCollectorFailing" && state === "firing",
      );
      expect(alert).toMatchObject({
        labels: { collector: "queues", severity: "warning" },
        annotations: { summary: expect.stringContaining("Collector queues") },
      });
    }, waitLimits);
  });
});
