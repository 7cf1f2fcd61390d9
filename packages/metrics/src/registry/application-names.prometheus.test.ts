import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startToolServer } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { OPENMETRICS_TEXT, PROMETHEUS_TEXT } from "../media-types.js";
import { serviceOn, openMetricsRegistry, fill } from "../testing/application-metrics.js";

const { PROMETHEUS } = process.env;

describe.skipIf(PROMETHEUS === undefined)("a real Prometheus", () => {
  it("stores the same series from both formats", async () => {
    const registry = openMetricsRegistry();
    const service = serviceOn(registry);
    fill(registry);
    const server = createServer((request, response) => {
      const mediaType = request.url === "/text" ? PROMETHEUS_TEXT : OPENMETRICS_TEXT;
      void service
        .prometheusFormat({ mediaType })
        .then((text) => response.setHeader("Content-Type", mediaType).end(text));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const targets = [`127.0.0.1:${(server.address() as AddressInfo).port}`];
    const folder = await mkdtemp(join(tmpdir(), "prometheus-"));
    await writeFile(
      join(folder, "prometheus.yml"),
      JSON.stringify({
        global: { scrape_interval: "1s", scrape_timeout: "1s" },
        scrape_configs: ["text", "openmetrics"].map((job_name) => ({
          job_name,
          metrics_path: `/${job_name}`,
          static_configs: [{ targets }],
        })),
      }),
    );
    const prometheus = await startToolServer(PROMETHEUS, (address) => [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ]);
    const seriesOf = async (job: string): Promise<readonly string[]> => {
      const query = `{job="${job}",__name__!~"tasker_.*|scrape_.*|up"}`;
      const answer = await fetch(
        `${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`,
      );
      const { data } = (await answer.json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return data.result
        .map(({ metric, value }) => `${JSON.stringify({ ...metric, job: "" })} ${value[1]}`)
        .sort();
    };
    try {
      await vi.waitFor(
        async () => {
          const text = await seriesOf("text");
          expect(text).toHaveLength(15);
          expect(await seriesOf("openmetrics")).toEqual(text);
        },
        { timeout: 30_000, interval: 100 },
      );
    } finally {
      await prometheus.stop();
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
