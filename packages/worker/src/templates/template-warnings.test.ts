import { createWorkerContext, type Logger } from "@tasker-observability/core";
import {
  createHandlers,
  type TemplateDefinition,
  type TemplateIdentity,
  type TemplateSource,
} from "@tasker-observability/templates";
import { describe, expect, it, vi } from "vitest";
import { createTemplateWarnings } from "./template-warnings.js";

const refund: TemplateIdentity = { namespace: "payments", name: "refund", version: "1.0.0" };

function naming(identity: TemplateIdentity, callables: readonly string[]): TemplateDefinition {
  const { namespace: namespace_name, name, version } = identity;
  const steps = callables.map((callable) => ({
    name: callable,
    handler: { callable, initialization: { api_key: "zq81opaque77" } },
  }));
  return {
    identity,
    definition: { namespace_name, name, version, steps },
    problems: [],
    registeredAt: "2025-01-01T00:00:00.000Z",
  };
}

/** A watched source: `turn` changes a template and tells of it. */
function watched() {
  const definitions = new Map<string, TemplateDefinition>();
  const listeners = new Set<(changed: readonly TemplateIdentity[]) => void>();
  const find = async (identity: TemplateIdentity): Promise<TemplateDefinition | null> =>
    definitions.get(JSON.stringify(identity)) ?? null;
  const source: TemplateSource = {
    find,
    refetch: find,
    findAll: async ({ namespace }) =>
      [...definitions.values()].filter(({ identity }) => identity.namespace === namespace),
    list: async () => ({ total: 0, templates: [] }),
    namespaces: async () => ["payments"],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const turn = (identity: TemplateIdentity, ...callables: readonly string[]): void => {
    definitions.set(JSON.stringify(identity), naming(identity, callables));
    for (const listener of listeners) listener([identity]);
  };
  return { source, turn, listeners };
}

function notices() {
  const logger = vi.fn<Logger>();
  const { source, turn, listeners } = watched();
  const context = createWorkerContext({ namespaces: ["payments"], logger });
  const made = createTemplateWarnings({
    source,
    handlers: createHandlers(["Known"]),
    context,
    followsTemplates: false,
  });
  const lines = () => logger.mock.calls.map(([, , fields]) => fields);
  return { made, turn, lines, listeners };
}

describe("the handlers that a worker lacks", () => {
  it("are reported once each, when a template names them", async () => {
    const { made, turn, lines } = notices();
    turn(refund, "Known", "Missing");
    await vi.waitFor(() => expect(lines()).toEqual([{ count: 1, handlers: ["Missing"] }]));
    await made.check(new AbortController().signal);
    turn({ ...refund, namespace: "orders" }, "Elsewhere");
    turn({ ...refund, version: "2.0.0" }, "Missing", "New", "Newer");
    await vi.waitFor(() => expect(lines()).toHaveLength(2));
    expect(lines()[1]).toEqual({ count: 2, handlers: ["New", "Newer"] });
  });

  it("are reported without a secret of their template", async () => {
    const { turn, lines } = notices();
    turn(refund, "pay.zq81opaque77");
    await vi.waitFor(() =>
      expect(lines()).toEqual([{ count: 1, handlers: ["pay.***REDACTED***"] }]),
    );
  });

  it("are not reported after close", () => {
    const { made, listeners } = notices();
    expect(listeners.size).toBe(1);
    made.close();
    expect(listeners.size).toBe(0);
  });
});
