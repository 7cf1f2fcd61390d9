import { createRedactor, isSensitiveKey } from "@tasker-observability/redact";
import { inJson, opaqueSecret, secretKinds } from "@tasker-observability/testkit";
import fc from "fast-check";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { type OperationName, operationNames } from "@tasker-observability/core";
import { type OpenTransport, openTransports } from "./testing/open-transports.js";
import {
  charge,
  createSecretsFixture,
  type SecretsFixture,
  type Sections,
} from "./testing/secrets-fixture.js";

/** Keys and texts of which nobody would think that they are secret. */
const key = fc
  .constantFrom("retries", "label", "notes", "window_ms", "region", "queue_name")
  .filter((name) => !isSensitiveKey(name));
const { text: redactText } = createRedactor();
const words = fc
  .stringMatching(/^[A-Za-z][a-z .]{0,20}$/)
  .filter((text) => !/basic|bearer/i.test(text) && redactText(text) === text);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    words,
    fc.integer(),
    fc.boolean(),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 3 }),
  ),
}));

/** Ways to hide a text among sections. */
const places: Readonly<Record<string, (text: string, beside: unknown) => Sections>> = {
  "a value": (text, beside) => ({ notes: text, beside }),
  "a list": (text, beside) => ({ notes: [beside, [text]] }),
  "a sentence": (text, beside) => ({ notes: `before ${text} after`, beside }),
  "JSON in JSON": (text, beside) => ({
    notes: JSON.stringify([beside, JSON.stringify({ region: text })]),
  }),
  "a key": (text, beside) => ({ notes: { [text]: beside } }),
  "the default of a schema": (text, beside) => ({
    input_schema: { type: "object", properties: { x: { type: "string", default: text } } },
    beside,
  }),
};

/** Further ones that only templates have; some of them are problems, and problems quote. */
const placesInTemplate: typeof places = {
  ...places,
  "the description": (description) => ({ description }),
  "the options of a handler": (text, beside) => ({
    steps: [{ name: "a", handler: { callable: "Charge", initialization: { url: text, beside } } }],
  }),
  "the name of a handler": (callable) => ({ steps: [{ name: "a", handler: { callable } }] }),
  "the name of a step": (name) => ({
    steps: [
      { name, handler: { callable: "Charge" } },
      { name, handler: { callable: "Charge" } },
    ],
  }),
  "an unknown dependency": (text) => ({
    steps: [{ name: "a", handler: { callable: "Charge" }, dependencies: [text] }],
  }),
  "an event": (name) => ({
    steps: [
      {
        name: "a",
        handler: { callable: "Charge" },
        publishes_events: [{ name, schema: { type: name } }],
      },
    ],
  }),
  "an environment": (text) => ({
    environments: { test: { metadata: { notes: text } }, [text]: { steps: 5 } },
  }),
};

/** These answer with counts and names of the worker's own alone, and the writes among them would empty the cache. */
const notAsked = new Set<OperationName>([
  "health_basic",
  "health_live",
  "health_ready",
  "templates_cache_stats",
  "templates_cache_clear",
  "templates_cache_maintain",
  "config_environment",
]);
const asked = operationNames.filter((name) => !notAsked.has(name));
const paramsOf = (operation: OperationName) =>
  operation.startsWith("template_") ? charge : undefined;

/** All that leaves the worker by every way, and its log. */
async function everythingSaid(
  { log }: SecretsFixture,
  transports: readonly OpenTransport[],
): Promise<string> {
  const said = await Promise.all(
    transports.flatMap(({ call }) =>
      asked.map((operation) => call(operation, paramsOf(operation))),
    ),
  );
  return `${said.join("\n")}\n${inspect(log.splice(0), { depth: null, maxArrayLength: null, maxStringLength: null })}`;
}

function expectSilence(said: string, secret: string): void {
  expect(said).not.toContain(secret);
  expect(said).not.toContain(inJson(secret));
}

async function open() {
  const worker = await createSecretsFixture();
  return { worker, transports: await openTransports(worker.observability.operations) };
}

describe.each(Object.keys(secretKinds))("a %s", (kind) => {
  it("hidden in configuration, template, a check's message and errors leaves by no transport, nor for the log", async () => {
    const { worker, transports } = await open();
    const place = fc.constantFrom(...Object.values(places));
    const placeInTemplate = fc.constantFrom(...Object.values(placesInTemplate));
    await fc.assert(
      fc.asyncProperty(
        secretKinds[kind]!,
        tree,
        place,
        placeInTemplate,
        async ({ secret, text }, beside, inConfig, inTemplate) => {
          worker.failWith(null);
          await worker.insert({
            config: inConfig(text, beside),
            template: inTemplate(text, beside),
            message: `the gateway answered ${text}`,
          });
          expectSilence(await everythingSaid(worker, transports), secret);
          worker.failWith(
            new Error(`no answer from ${text}`, {
              cause: new AggregateError([new Error(`tried ${text} first`)], text),
            }),
          );
          expectSilence(await everythingSaid(worker, transports), secret);
        },
      ),
      { numRuns: 2 },
    );
  });
});

it("an opaque secret under a sensitive key leaves over no transport, wherever else it occurs", async () => {
  const { worker, transports } = await open();
  const sections = fc.tuple(
    fc.constantFrom("password", "api_keys", "client-secret", "credentials"),
    fc.constantFrom(...Object.values(places)),
  );
  await fc.assert(
    fc.asyncProperty(opaqueSecret, sections, tree, async (secret, [sensitive, place], beside) => {
      const hidden = { ...place(secret, beside), [sensitive]: [secret] };
      await worker.insert({
        config: hidden,
        template: { metadata: hidden, description: `given ${secret}, it pays` },
        message: "",
      });
      expectSilence(await everythingSaid(worker, transports), secret);
    }),
    { numRuns: 6 },
  );
});

it("a secret that a template's description repeats from another of its texts leaves by no transport", async () => {
  const { worker, transports } = await open();
  // Not those that show what they are wherever they stand.
  const kinds = [
    "URL password",
    "credentials without a scheme",
    "query parameter",
    "key=value DSN",
    "JDBC property",
    "bearer token",
  ];
  const hidden = fc.oneof(...kinds.map((kind) => secretKinds[kind]!));
  const inTexts = fc.constantFrom(
    "a value",
    "a list",
    "a sentence",
    "JSON in JSON",
    "the default of a schema",
  );
  const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
  const bySpelling = fc
    .tuple(hidden, blank, tree, inTexts)
    .map(([{ secret, text }, around, beside, place]) => ({
      secret,
      metadata: places[place]!(`${around}${text}${around}`, beside),
    }));
  // As a file or a careless hand gives it.
  const byKey = fc
    .tuple(opaqueSecret, blank, blank, tree)
    .map(([secret, before, after, beside]) => ({
      secret,
      metadata: { api_key: `${before}${secret}${after}`, beside },
    }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(bySpelling, byKey), async ({ secret, metadata }) => {
      await worker.insert({
        config: {},
        template: { metadata, description: `given ${secret}, it pays` },
        message: "",
      });
      for (const { call } of transports)
        expectSilence(
          `${await call("templates_list")}\n${await call("template_get", charge)}`,
          secret,
        );
    }),
    { numRuns: 16 },
  );
});

it("what is not secret comes out of every transport as it went in", async () => {
  const { worker, transports } = await open();
  await fc.assert(
    fc.asyncProperty(tree, words, async (notes, description) => {
      await worker.insert({
        config: { notes },
        template: { description, metadata: { notes } },
        message: description,
      });
      for (const { call } of transports) {
        const [config, template, list] = [
          await call("config_runtime"),
          await call("template_get", charge),
          await call("templates_list"),
        ];
        expect(config).toContain(`"hidden":${JSON.stringify({ notes })}`);
        expect(config).toContain('"redacted_fields":[]');
        expect(template).toContain(`"metadata":${JSON.stringify({ notes })}`);
        expect(list).toContain(`"description":${JSON.stringify(description)}`);
      }
    }),
    { numRuns: 25 },
  );
});
