import { silentLogger } from "@tasker-observability/core";
import { createFakeClock } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { definitionOf, refund, sourceOf, templateText } from "../testing/templates.js";
import { toTemplateKey } from "../template-identity.js";
import type { TemplateDefinition, TemplateSource } from "../template-source.js";
import type { LoadedTemplate } from "./loaded-template.js";
import { TemplateCache } from "./template-cache.js";
import { TemplateStore } from "./template-store.js";

interface TestStore {
  readonly store: TemplateStore;
  readonly cached: () => string | undefined;
}

function storeOver(source: TemplateSource): TestStore {
  const clock = createFakeClock();
  const cache = new TemplateCache<LoadedTemplate>({ clock, maxEntries: 10, ttlMs: 1_000 });
  const store = new TemplateStore({
    source,
    cache,
    environment: "test",
    defaults: { timeoutSeconds: null },
    clock,
    logger: silentLogger,
    timeoutMs: 1_000,
  });
  return {
    store,
    cached: () => cache.peek(toTemplateKey(refund))?.template.description ?? undefined,
  };
}

const described = (description: string): TemplateDefinition =>
  definitionOf(templateText(`description: ${description}\nsteps: []`));

/** Answers that a test gives when it likes. */
function answers(): {
  readonly find: () => Promise<TemplateDefinition | null>;
  readonly give: (place: number, answer: TemplateDefinition | null) => Promise<void>;
} {
  const waiting: ((answer: TemplateDefinition | null) => void)[] = [];
  return {
    find: () => new Promise((resolve) => void waiting.push(resolve)),
    give: async (place, answer) => {
      waiting[place]?.(answer);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("the template store", () => {
  it("keeps the templates that it loads", async () => {
    const { store, cached } = storeOver(sourceOf());
    expect(await store.load(refund)).toMatchObject({
      identity: refund,
      template: { name: "refund" },
    });
    expect(cached()).toBe("Gives a payment back");
  });

  it("does not cache a missing or unusable template", async () => {
    const { store, cached } = storeOver(
      sourceOf({
        find: async ({ name }) =>
          name === "refund" ? definitionOf(templateText("steps: 5")) : null,
      }),
    );
    expect(await store.load({ ...refund, name: "missing" })).toBeNull();
    await expect(store.load(refund)).rejects.toMatchObject({
      code: "TEMPLATE_NOT_FOUND",
      message: expect.stringContaining("template_validate"),
    });
    expect(cached()).toBeUndefined();
  });

  it("does not let an older load displace what a newer refresh brought", async () => {
    const loads = answers();
    const { store, cached } = storeOver(
      sourceOf({ find: loads.find, refetch: async () => described("new") }),
    );
    const old = store.load(refund);
    await store.refresh(refund);
    await loads.give(0, described("old"));
    await old;
    expect(cached()).toBe("new");
  });

  it("does not bring back what was cleared while it loaded", async () => {
    const loads = answers();
    const { store, cached } = storeOver(sourceOf({ find: loads.find }));
    const old = store.load(refund);
    store.clear();
    const fresh = store.load(refund);
    await loads.give(1, described("new"));
    await loads.give(0, described("old"));
    await Promise.all([old, fresh]);
    expect(cached()).toBe("new");
  });

  it("drops entries that its source reports as changed, and discards running loads of them", async () => {
    const loads = answers();
    const { store, cached } = storeOver(sourceOf({ find: loads.find }));
    const old = store.load(refund);
    store.drop([refund]);
    await loads.give(0, described("old"));
    await old;
    expect(cached()).toBeUndefined();
  });

  it("forgets a template that a refresh finds gone", async () => {
    const { store, cached } = storeOver(
      sourceOf({ find: async () => described("was"), refetch: async () => null }),
    );
    await store.load(refund);
    expect(await store.refresh(refund)).toBeNull();
    expect(cached()).toBeUndefined();
  });
});
