import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { answer, inProcess } from "@tasker-observability/core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "./media-types.js";
import { createMetricsOperations } from "./metrics-operations.js";
import { createLiveWorker, hostileNamespace, type LiveWorker, runSteps } from "./testing/live-worker.js";
import { patience, startToolServer, type ToolServer } from "./testing/tool-server.js";

const { PROMETHEUS } = process.env;
const docs = fileURLToPath(new URL("../../../docs/prometheus", import.meta.url));

describe.skipIf(PROMETHEUS === undefined)("a real Prometheus", () => {
  let folder: string;
  let worker: LiveWorker;
  let server: Server;
  let prometheus: ToolServer;
  const scrapes: { readonly contentType: string; readonly timeout: unknown }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "prometheus-"));
    worker = createLiveWorker({ queuesFail: true });
    runSteps(worker);
    const { metrics_prometheus } = createMetricsOperations(worker.service);
    server = createServer((request, response) => {
      // One job asks for text by its path; else the header decides, as it does on a worker.
      const mediaType = request.url === "/text" || !request.headers.accept?.includes("openmetrics") ? PROMETHEUS_TEXT : OPENMETRICS_TEXT;
      scrapes.push({ contentType: mediaType, timeout: request.headers["x-prometheus-scrape-timeout-seconds"] });
      void answer(metrics_prometheus, undefined, inProcess, { mediaType, budgetMs: 1_000 }).then(({ body }) => response.setHeader("Content-Type", mediaType).end(body));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    await writeConfiguration((server.address() as AddressInfo).port);
    prometheus = await startToolServer(PROMETHEUS, (address) => [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`]);
  });

  afterAll(async () => {
    await prometheus.stop();
    server.closeAllConnections();
    server.close();
    worker.service.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The shipped rules, but for the time that an alert waits. */
  async function writeConfiguration(port: number): Promise<void> {
    const alerts = await readFile(join(docs, "alert-rules.yml"), "utf8");
    await writeFile(join(folder, "alert-rules.yml"), alerts.replaceAll(/^\s+for: .*\n/gm, ""));
    const job = (name: string, path: string): object => ({ job_name: name, metrics_path: path, static_configs: [{ targets: [`127.0.0.1:${port}`] }] });
    const global = { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" };
    const rule_files = ["alert-rules.yml", join(docs, "recording-rules.yml")];
    await writeFile(join(folder, "prometheus.yml"), JSON.stringify({ global, rule_files, scrape_configs: [job("openmetrics", "/metrics"), job("text", "/text")] }));
  }

  async function query(expression: string): Promise<{ readonly metric: Record<string, string>; readonly value: [number, string] }[]> {
    const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`);
    return ((await response.json()) as { data: { result: [] } }).data.result;
  }

  it.each(["openmetrics", "text"])("scrapes the worker as %s, and a query returns what the worker did", async (job) => {
    await vi.waitFor(async () => {
      const found = await query(`sum by (namespace, outcome) (tasker_worker_steps_total{job="${job}"})`);
      expect(found.map(({ metric, value }) => [metric.namespace, metric.outcome, value[1]]).sort()).toEqual(
        [
          [hostileNamespace, "completed", "2"],
          [hostileNamespace, "failed", "1"],
          [hostileNamespace, "retried", "1"],
          ["orders", "completed", "2"],
          ["orders", "failed", "1"],
          ["orders", "retried", "1"],
        ].sort(),
      );
    }, patience);
    expect(await query(`up{job="${job}"}`)).toMatchObject([{ value: [expect.any(Number), "1"] }]);
    expect(await query(`up{job="prod"}`)).toEqual([]);
    const buckets = await query(`tasker_worker_step_duration_seconds_bucket{job="${job}",namespace="orders",outcome="completed",le="2.5"}`);
    expect(buckets).toMatchObject([{ value: [expect.any(Number), "2"] }]);
    expect(await query(`tasker_worker_step_duration_seconds_bucket{job="${job}",namespace="orders",outcome="completed",le="1.0"}`)).toHaveLength(1);
  });

  it("stores one and the same series for both formats", async () => {
    const seriesOf = async (job: string): Promise<string[]> =>
      (await query(`count by (__name__, le, namespace, outcome, collector) ({__name__=~"tasker_worker_.+",job="${job}"})`)).map(({ metric }) => JSON.stringify(Object.entries(metric).sort())).sort();
    await vi.waitFor(async () => {
      const [openMetrics, text] = await Promise.all([seriesOf("openmetrics"), seriesOf("text")]);
      expect(openMetrics).toEqual(text);
      expect(text.length).toBeGreaterThan(50);
    }, patience);
  });

  it("asks for OpenMetrics of itself and tells its time-out", () => {
    expect(scrapes).toContainEqual({ contentType: OPENMETRICS_TEXT, timeout: "1" });
  });

  it("fires the alert that is shipped for a collector that fails", async () => {
    await vi.waitFor(async () => {
      const response = await fetch(`${prometheus.url}/api/v1/alerts`);
      const { data } = (await response.json()) as { data: { alerts: { labels: Record<string, string>; state: string; annotations: Record<string, string> }[] } };
      const alert = data.alerts.find(({ labels, state }) => labels.alertname === "TaskerWorkerCollectorFailing" && state === "firing");
      expect(alert).toMatchObject({ labels: { collector: "queues", severity: "warning" }, annotations: { summary: expect.stringContaining("Collector queues") } });
    }, patience);
  });
});
