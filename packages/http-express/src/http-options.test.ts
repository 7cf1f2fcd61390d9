import { createAccessPolicy } from "@tasker-observability/core";
import { describe, expect, it } from "vitest";
import { createObservabilityRouter } from "./express-router.js";
import { createObservabilityListener } from "./node-listener.js";
import type { HttpOptions } from "./http-options.js";

const key = { name: "a", key: "key-1", rights: ["read"] } as const;

describe.each([
  ["createObservabilityRouter", createObservabilityRouter],
  ["createObservabilityListener", createObservabilityListener],
])("%s", (_name, create) => {
  const construct = (options: HttpOptions) => () => create({}, options);

  it.each<[string, HttpOptions["auth"], string]>([
    ["no key", { keys: [] }, "auth.keys is empty: leave auth out, or give a key."],
    [
      "an empty key",
      { keys: [{ ...key, key: "" }] },
      "auth.keys[0] has a key that is empty or cannot travel in a header.",
    ],
    [
      "a key with a line break",
      { keys: [{ ...key, key: "a\nb" }] },
      "auth.keys[0] has a key that is empty or cannot travel in a header.",
    ],
    [
      "a key of other letters",
      { keys: [{ ...key, key: "schlüssel" }] },
      "auth.keys[0] has a key that is empty or cannot travel in a header.",
    ],
    [
      "a key with a space at its end",
      { keys: [{ ...key, key: "a " }] },
      "auth.keys[0] has a key that is empty or cannot travel in a header.",
    ],
    ["a key without a name", { keys: [{ ...key, name: "" }] }, "auth.keys[0] has no name."],
    ["a key without rights", { keys: [{ ...key, rights: [] }] }, "auth.keys[0] has no rights."],
    [
      "an unknown right",
      { keys: [{ ...key, rights: ["admin" as "read"] }] },
      "auth.keys[0] has a right other than read and write.",
    ],
    [
      "the same key twice",
      { keys: [key, { ...key, name: "b" }] },
      "auth.keys has the same key twice.",
    ],
    ["no header", { header: "", keys: [key] }, "auth.header is no header name."],
    [
      "a header that is none",
      { header: "X API Key:", keys: [key] },
      "auth.header is no header name.",
    ],
  ])("refuses authentication with %s", (_what, auth, message) => {
    expect(construct({ auth })).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS", message }),
    );
  });

  it("names no key when it refuses one", () => {
    expect(construct({ auth: { keys: [{ ...key, key: "secret-ü-key" }] } })).toThrow(
      /^(?!.*secret)/,
    );
  });

  it("refuses a policy beside options that the policy decides", () => {
    const policy = createAccessPolicy();
    const message =
      "policy stands beside groups, writes or protectProbes, which it decides: give either.";
    expect(construct({ policy, groups: ["health"] })).toThrow(message);
    expect(construct({ policy, writes: true })).toThrow(message);
    expect(
      construct({
        policy: createAccessPolicy({ httpAuth: true }),
        auth: { keys: [key], protectProbes: true },
      }),
    ).toThrow(message);
  });

  it("refuses keys that the policy never asks for, and a policy that asks where there are none", () => {
    expect(construct({ policy: createAccessPolicy(), auth: { keys: [key] } })).toThrow(
      "policy never asks for one",
    );
    expect(construct({ policy: createAccessPolicy({ httpAuth: true }) })).toThrow(
      "give auth with the keys",
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "refuses a request time-out of %d ms",
    (requestTimeoutMs) => {
      expect(construct({ requestTimeoutMs })).toThrow(
        "requestTimeoutMs must be a whole number from 1 to 2147483647.",
      );
    },
  );

  it("tells all that is wrong at once", () => {
    const problems = [
      "auth.keys[0] has no name.",
      "auth.keys[0] has no rights.",
      "auth.header is no header name.",
      "policy stands beside groups, writes or protectProbes, which it decides: give either.",
      "auth has keys, but policy never asks for one: create it with httpAuth.",
      "requestTimeoutMs must be a whole number from 1 to 2147483647.",
    ];
    const auth = { header: "", keys: [{ name: "", key: "k", rights: [] }] };
    expect(
      construct({ auth, policy: createAccessPolicy(), writes: true, requestTimeoutMs: 0 }),
    ).toThrow(expect.objectContaining({ message: problems.join(" ") }));
  });
});

describe("options that a caller without types gets wrong", () => {
  const create = (options: unknown) => () => createObservabilityRouter({}, options as HttpOptions);

  // Each would open what its writer wanted closed, and say nothing.
  it.each([
    [
      { atuh: { keys: [key] } },
      'createObservabilityRouter knows no option "atuh". Did you mean "auth"?',
    ],
    [
      { auth: { keys: [key], protectProbs: true } },
      'auth knows no option "protectProbs". Did you mean "protectProbes"?',
    ],
    [{ auth: { keys: [key], protectProbes: "yes" } }, "auth.protectProbes must be true or false."],
    [{ auth: { key: "key-1" } }, "auth.keys must be a list of { name, key, rights }."],
    [{ auth: { keys: ["key-1"] } }, "auth.keys must be a list of { name, key, rights }."],
    [{ auth: null }, "auth takes an object: header, keys, protectProbes."],
    [{ writes: "no" }, "writes must be true or false."],
    [
      { groups: "health" },
      "groups must be a list of health, metrics, templates, config, custom, or some of them.",
    ],
    [
      { groups: ["helth"] },
      "groups must be a list of health, metrics, templates, config, custom, or some of them.",
    ],
    [{ policy: {} }, "policy must be what createAccessPolicy() made."],
    [{ clock: Date }, "clock must have wallMs(), monotonicMs() and after(), as the machine's has."],
    [{ makeRequestId: "id" }, "makeRequestId must be a function: (request) => string."],
    [
      null,
      "createObservabilityRouter takes an object: groups, writes, auth, policy, requestTimeoutMs, clock, makeRequestId.",
    ],
  ])("are refused: %j", (options, problem) => {
    expect(create(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_PARAMS",
        message: expect.stringContaining(problem) as unknown,
      }),
    );
  });

  it("name no key", () => {
    expect(create({ auth: { keys: ["secret-key"] } })).toThrow(/^(?!.*secret)/);
  });
});

describe("createObservabilityListener", () => {
  it("knows its limits too, and says which one was meant", () => {
    expect(() => createObservabilityListener({}, { maxConections: 1 } as object)).toThrow(
      'createObservabilityListener knows no option "maxConections". Did you mean "maxConnections"?',
    );
  });

  it.each([
    "headersTimeoutMs",
    "receiveTimeoutMs",
    "keepAliveTimeoutMs",
    "closeTimeoutMs",
    "maxHeaderBytes",
    "maxConnections",
  ])("refuses a %s of 0", (name) => {
    expect(() => createObservabilityListener({}, { [name]: 0 })).toThrow(
      `${name} must be a whole number from 1 to`,
    );
  });
});
