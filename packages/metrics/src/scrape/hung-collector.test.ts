import { fileURLToPath } from "node:url";
import { bundleForNode, spawnNode } from "@tasker-observability/testkit";
import { expect, it } from "vitest";

const packageFolder = fileURLToPath(new URL("../..", import.meta.url));
const index = JSON.stringify(fileURLToPath(new URL("../index.ts", import.meta.url)));

it.each([
  ["the collector's time-out", "{ collectorTimeoutMs: 20 }", "{}"],
  ["the caller's budget", "{}", "{ budgetMs: 20 }"],
])(
  "a collector that hangs ends at %s in a process with nothing else to do",
  async (_what, options, call) => {
    const program = `const { createMetricsService, createWorkerContext } = require(${index});
    const context = createWorkerContext({ ports: { queues: { statistics: () => new Promise(() => {}) } } });
    const service = createMetricsService({ context, ...${options} });
    service.prometheusFormat(${call}).then((text) => (console.log(text.match(/collector_success\\{collector="queues"\\} ./)?.[0]), service.close()));`;
    const bundle = await bundleForNode(program, packageFolder, "cjs");
    const child = spawnNode([bundle.file]);
    await child.exited;
    await bundle.remove();
    expect(child.stdout.text() + child.stderr.text()).toBe(
      'collector_success{collector="queues"} 0\n',
    );
  },
);
