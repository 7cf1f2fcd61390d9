import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTemplateService } from "../template-service.js";
import { createRegistry, type Registry } from "../testing/registry.js";

const signal = new AbortController().signal;
const all = { namespace: null, limit: null, offset: 0 };
let registry: Registry;

beforeAll(async () => {
  registry = await createRegistry();
});

afterAll(async () => {
  await registry.drop();
});

describe("a description in the registry", () => {
  it("is that of the column if the configuration's is not a string", async () => {
    await registry.register("empty/list/1.0.0", '{"steps": [], "description": ["Pays"]}', {
      description: "From the column",
    });
    await registry.register("empty/mapping/1.0.0", '{"steps": [], "description": {"en": "Pays"}}');
    expect(
      (await registry.source().list({ ...all, namespace: "empty" }, signal)).templates.map(
        ({ name, description }) => [name, description],
      ),
    ).toEqual([
      ["list", "From the column"],
      ["mapping", null],
    ]);
    await registry.pool.query(
      `delete from "Tasker ""2""".named_tasks where name in ('list', 'mapping') and configuration ? 'description'`,
    );
  });

  beforeAll(async () => {
    const steps =
      '[{"name": "a", "handler": {"callable": "h", "initialization": {"api_key": "zq81opaque77"}}}]';
    await registry.register("secret/column/1.0.0", `{"steps": ${steps}}`, {
      description: "Pays with zq81opaque77",
    });
    await registry.register(
      "secret/configuration/1.0.0",
      `{"steps": ${steps}, "description": "Pays with zq81opaque77"}`,
    );
    await registry.register(
      "secret/dropped/1.0.0",
      '{"steps": [], "metadata": {"__proto__": {"api_key": "zq81opaque77"}}}',
      { description: "Pays with zq81opaque77" },
    );
    await registry.register("secret/list/1.0.0", '[{"api_key": "zq81opaque77"}]', {
      description: "Pays with zq81opaque77",
    });
  });

  it("is listed without a secret that is elsewhere in its row, whether the template can be used or not", async () => {
    const { templates } = await createTemplateService({ source: registry.source() }).listTemplates({
      namespace: "secret",
    });
    expect(templates.map(({ name, description }) => [name, description])).toEqual([
      ["column", "Pays with ***REDACTED***"],
      ["configuration", "Pays with ***REDACTED***"],
      ["dropped", "Pays with ***REDACTED***"],
      ["list", "Pays with ***REDACTED***"],
    ]);
  });
});
