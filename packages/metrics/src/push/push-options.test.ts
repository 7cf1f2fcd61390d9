import { describe, expect, it } from "vitest";
import { pushMetrics } from "./push-metrics.js";
import type { PushMetricsOptions } from "./push-options.js";
import { startPush } from "../testing/start-push.js";

describe("the options of pushMetrics", () => {
  it.each<[string, Partial<PushMetricsOptions>]>([
    ["url", { url: "not a url: secret" }],
    ["url", { url: "ftp://user:secret@host" }],
    ["url", { url: "http://user:secret@host/?x=1" }],
    ["jobName", { jobName: "" }],
    ["jobName", { jobName: "a/b" }],
    ["groupings", { groupings: { "a/b": "x" } }],
    ["groupings", { groupings: { job: "x" } }],
    ["groupings", { groupings: { instance: 1 as unknown as string } }],
    ["groupings", { groupings: null as unknown as Record<string, string> }],
    ["jobName", { jobName: 1 as unknown as string }],
    ["url", { url: 1 as unknown as string }],
    ["intervalMs", { intervalMs: 0 }],
    ["intervalMs", { intervalMs: Number.NaN }],
    ["timeoutMs", { timeoutMs: -1 }],
  ])("rejects an invalid %s: %j", (name, options) => {
    expect(() => startPush("http://127.0.0.1:1", options)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringMatching(`^${name} must`),
      }),
    );
  });

  it("rejects unknown options and a missing service", () => {
    const push = (options: object) => () => pushMetrics(options as PushMetricsOptions);
    expect(push({ url: "http://127.0.0.1:1", intervalMS: 1 })).toThrow(
      'Unknown option "intervalMS" of pushMetrics. Did you mean "intervalMs"? service must be a MetricsService, but is missing.',
    );
  });

  it("names all problems at once, and never the url", () => {
    const refused = (): unknown =>
      startPush("ftp://user:secret@host", { jobName: "", intervalMs: 0 });
    expect(refused).toThrow(/^url must .* intervalMs must .* jobName must/);
    expect(refused).not.toThrow(/secret|user/);
  });
});
