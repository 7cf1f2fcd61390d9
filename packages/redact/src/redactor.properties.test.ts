import fc from "fast-check";
import { inJson, opaqueSecret, secretKinds } from "@tasker-observability/testkit";
import { describe, expect, it } from "vitest";
import { createRedactor } from "./index.js";
import { classifyKey } from "./keys/sensitive-key.js";

const { redact, text: redactText, error: redactError } = createRedactor();

const innocentKey = fc
  .stringMatching(/^[a-z]{1,12}(?:_[a-z]{1,8})?$/)
  .filter((key) => classifyKey(key) === "plain" && !key.includes("schema"));
const innocentText = fc
  .stringMatching(/^[A-Za-z0-9 _./{}*-]{0,40}$/)
  .filter((text) => !/eyJ|basic|bearer/i.test(text) && redactText(text) === text);
const innocentLeaf = fc.oneof(
  innocentText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9 }),
  fc.boolean(),
  fc.constant(null),
);
const { tree: innocent } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    innocentLeaf,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(innocentKey, tie("tree"), { maxKeys: 4 }),
  ),
}));

/** Ways to hide a text in a tree. */
const places: Readonly<Record<string, (text: string, tree: unknown, key: string) => unknown>> = {
  "as a value": (text, tree, key) => ({ [key]: text, tree }),
  "in a list": (text, tree, key) => ({ [key]: [tree, [text]] }),
  "in a sentence": (text, tree, key) => ({ tree, [key]: `before ${text} after` }),
  "in nested JSON": (text, tree, key) => ({
    [key]: JSON.stringify([tree, JSON.stringify({ [key]: text })]),
  }),
  "as a key": (text, tree, key) => ({ [key]: { [text]: tree } }),
  "in a map": (text, tree, key) =>
    new Map<string, unknown>([
      [key, new Set([text])],
      ["tree", tree],
    ]),
  "in an error": (text, tree) => ({ tree, error: new Error(text) }),
  "in a cause": (text) =>
    new Error("failed", {
      cause: new AggregateError([new Error(`tried ${text} first`)], "all failed"),
    }),
  "in the default of a schema": (text, tree) => ({
    tree,
    input_schema: { properties: { x: { default: text } } },
  }),
  "in a description": (description, tree) => ({ tree, steps: [{ description }] }),
  "in what a finding says": (text, tree) => ({
    tree,
    issues: [`Not a callable: "${text}".`],
    findings: [{ message: `Not a callable: "${text}".`, hint: text }],
  }),
  "in the description of a schema": (text, tree) => ({
    tree,
    input_schema: { properties: { x: { description: `such as ${text}` } } },
  }),
};

describe.each(Object.keys(secretKinds))("a %s", (kind) => {
  const arbitrarySecret = secretKinds[kind]!;

  it.each(Object.keys(places))("does not survive %s", (place) => {
    fc.assert(
      fc.property(arbitrarySecret, innocent, innocentKey, ({ secret, text }, tree, key) => {
        expect(JSON.stringify(redact(places[place]!(text, tree, key)))).not.toContain(
          inJson(secret),
        );
      }),
      { numRuns: 60 },
    );
  });

  it("does not survive in a message or an error", () => {
    fc.assert(
      fc.property(arbitrarySecret, ({ secret, text }) => {
        expect(redactText(`failed: ${text}, giving up`)).not.toContain(secret);
        expect(
          JSON.stringify(redactError(new Error(`failed: ${text}`, { cause: text }))),
        ).not.toContain(inJson(secret));
      }),
      { numRuns: 60 },
    );
  });
});

describe("an opaque secret under a sensitive key", () => {
  const sensitiveKey = fc.constantFrom(
    "password",
    "apiKeys",
    "client-secret",
    "credentials",
    "db.token",
    "PASSPHRASE",
  );

  it.each(Object.keys(places))("does not survive elsewhere %s", (place) => {
    fc.assert(
      fc.property(
        opaqueSecret,
        sensitiveKey,
        innocent,
        innocentKey,
        (secret, sensitive, tree, key) => {
          const shapes = [secret, [secret], { a: { b: secret } }];
          for (const shape of shapes) {
            const given = [places[place]!(secret, tree, key), { [sensitive]: shape }];
            expect(JSON.stringify(redact(given))).not.toContain(secret);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what is not secret", () => {
  it("comes out as it went in", () => {
    fc.assert(
      fc.property(innocent, (tree) => {
        expect(redact(tree)).toEqual({
          value: JSON.parse(JSON.stringify(tree)),
          redacted_fields: [],
        });
      }),
      { numRuns: 500 },
    );
  });

  it("stays next to a secret, with the shape of the whole", () => {
    fc.assert(
      fc.property(innocent, opaqueSecret, (tree, secret) => {
        const { value, redacted_fields } = redact({ tree, password: secret }, { root: "worker" });
        expect(value).toEqual({
          tree: JSON.parse(JSON.stringify(tree)),
          password: "***REDACTED***",
        });
        expect(redacted_fields).toEqual(["worker.password"]);
      }),
    );
  });
});

describe("any JSON value", () => {
  it("is redacted once and for all", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.oneof(...Object.values(secretKinds)), (tree, { text }) => {
        const once = redact([tree, text]).value;
        expect(redact(once).value).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });

  it("is named by paths that lead to a mask, sorted, each once", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("password", "a", "tokens"), fc.jsonValue()),
        (tree) => {
          const { redacted_fields } = redact(tree);
          expect(redacted_fields).toEqual([...new Set(redacted_fields)].sort());
        },
      ),
    );
  });
});
