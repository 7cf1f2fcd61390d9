import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { serve } from "../testing/serve.js";
import { fixtures, folderWith, refund, templateText, writeFileIn } from "../testing/templates.js";
import { createYamlFolderSource } from "./yaml-folder-source.js";

const signal = new AbortController().signal;
const other = { namespace: "payments", name: "other", version: "1.0.0" };
const text = (description: string, identity = refund): string =>
  templateText(`description: ${description}\nsteps: []`, identity);

describe("watching a folder", () => {
  it("reports what changed, came and went, and nothing else", async () => {
    const clock = createFakeClock();
    const third = { ...refund, name: "third" };
    const cwd = await folderWith({
      "a.yaml": text("before"),
      "b.yaml": text("same", other),
      "c.yaml": text("goes", third),
    });
    const source = createYamlFolderSource({
      patterns: "*.yaml",
      cwd,
      clock,
      watchIntervalMs: 1_000,
    });
    const listener = vi.fn();
    source.onChange?.(listener);
    await source.load();
    const fourth = { ...refund, name: "fourth" };
    await writeFile(join(cwd, "a.yaml"), text("after, and longer"));
    await rm(join(cwd, "c.yaml"));
    await writeFileIn(cwd, "d.yaml", text("comes", fourth));
    await clock.advance(1_000);
    await vi.waitFor(() =>
      expect(listener).toHaveBeenCalledExactlyOnceWith([refund, third, fourth]),
    );
    expect(await source.find(refund, signal)).toMatchObject({
      definition: { description: "after, and longer" },
    });
    source.close();
  });

  it("reports that another file took a template over, in the log and in its validation", async () => {
    const clock = createFakeClock();
    const logger = vi.fn<Logger>();
    const cwd = await folderWith({ "tasks/a.yaml": text("first") });
    const source = createYamlFolderSource({
      patterns: "tasks/*.yaml",
      cwd,
      clock,
      logger,
      watchIntervalMs: 1_000,
    });
    const { service } = serve({ source });
    await source.load();
    expect((await service.validateTemplate(refund)).findings).not.toContainEqual(
      expect.objectContaining({ code: "duplicate_template" }),
    );
    await writeFileIn(cwd, "tasks/00.yaml", text("second"));
    await clock.advance(1_000);
    await vi.waitFor(() =>
      expect(logger).toHaveBeenCalledExactlyOnceWith(
        "error",
        expect.stringContaining("is defined in tasks/00.yaml already"),
        expect.objectContaining({ file: "tasks/a.yaml", code: "duplicate_template" }),
      ),
    );
    expect(await service.validateTemplate(refund)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({
          severity: "warning",
          code: "duplicate_template",
          message: expect.stringMatching(
            /is defined once more, in tasks\/a\.yaml\. That of tasks\/00\.yaml is used/,
          ),
        }),
      ]),
    });
    await source.load();
    expect(logger).toHaveBeenCalledTimes(1);
    source.close();
  });

  it("continues after a failure, logs its start and its end once each, and stops when it is closed", async () => {
    const clock = createFakeClock();
    const logger = vi.fn<Logger>();
    const cwd = await folderWith({ "tasks/a.yaml": text("before") });
    const source = createYamlFolderSource({
      patterns: "tasks/*.yaml",
      cwd,
      clock,
      logger,
      watchIntervalMs: 1_000,
    });
    await source.load();
    await rm(join(cwd, "tasks"), { recursive: true });
    await clock.advance(1_000);
    await vi.waitFor(() =>
      expect(logger).toHaveBeenCalledWith(
        "warn",
        expect.stringContaining("could not be read"),
        expect.anything(),
      ),
    );
    await vi.waitFor(() => expect(clock.pendingTimers()).toBe(1));
    await clock.advance(1_000);
    await expect(source.load()).rejects.toThrow("no longer exists");
    expect(logger).toHaveBeenCalledTimes(1);
    await writeFileIn(cwd, "tasks/a.yaml", text("after"));
    await source.load();
    await source.load();
    expect(logger.mock.calls.map(([level, message]) => `${level} ${message}`)).toEqual([
      "warn the template folder could not be read: the templates read before are still served",
      "info the template folder can be read again",
    ]);
    source.close();
    source.close();
    expect(clock.pendingTimers()).toBe(0);
  });

  it("does not happen unless it is asked for", async () => {
    const clock = createFakeClock();
    await createYamlFolderSource({ patterns: "*.yaml", cwd: fixtures, clock }).load();
    expect(clock.pendingTimers()).toBe(0);
  });
});
