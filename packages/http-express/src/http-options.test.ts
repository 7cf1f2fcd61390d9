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
    ["no key", { keys: [] }, "auth.keys is empty: leave auth out, or add a key."],
    [
      "an empty key",
      { keys: [{ ...key, key: "" }] },
      "auth.keys[0].key must be printable ASCII without spaces at its ends, to travel in a header.",
    ],
    [
      "a key with a line break",
      { keys: [{ ...key, key: "a\nb" }] },
      "auth.keys[0].key must be printable ASCII without spaces at its ends, to travel in a header.",
    ],
    [
      "a key of other letters",
      { keys: [{ ...key, key: "schlüssel" }] },
      "auth.keys[0].key must be printable ASCII without spaces at its ends, to travel in a header.",
    ],
    [
      "a key with a space at its end",
      { keys: [{ ...key, key: "a " }] },
      "auth.keys[0].key must be printable ASCII without spaces at its ends, to travel in a header.",
    ],
    [
      "a key without a name",
      { keys: [{ ...key, name: "" }] },
      "auth.keys[0].name must be a string that is not empty.",
    ],
    [
      "a key without rights",
      { keys: [{ ...key, rights: [] }] },
      "auth.keys[0].rights must not be empty.",
    ],
    [
      "an unknown right",
      { keys: [{ ...key, rights: ["admin" as "read"] }] },
      'auth.keys[0].rights[0] must be "read" or "write".',
    ],
    [
      "the same key twice",
      { keys: [key, { ...key, name: "b" }] },
      "auth.keys has the same key twice.",
    ],
    ["no header", { header: "", keys: [key] }, "auth.header must be the name of a header."],
    [
      "a header that is none",
      { header: "X API Key:", keys: [key] },
      "auth.header must be the name of a header.",
    ],
  ])("rejects authentication with %s", (_what, auth, message) => {
    expect(construct({ auth })).toThrow(
      expect.objectContaining({ code: "INVALID_PARAMS", message }),
    );
  });

  it("names no key when it refuses one", () => {
    expect(construct({ auth: { keys: [{ ...key, key: "secret-ü-key" }] } })).toThrow(
      /^(?!.*secret)/,
    );
  });

  it("rejects a policy together with options that the policy decides", () => {
    const policy = createAccessPolicy();
    const message = "policy replaces groups, writes and protectProbes: pass one or the other.";
    expect(construct({ policy, groups: ["health"] })).toThrow(message);
    expect(construct({ policy, writes: true })).toThrow(message);
    expect(
      construct({
        policy: createAccessPolicy({ httpAuth: true }),
        auth: { keys: [key], protectProbes: true },
      }),
    ).toThrow(message);
  });

  it("rejects keys that the policy never requires, and a policy that requires keys if there are none", () => {
    expect(construct({ policy: createAccessPolicy(), auth: { keys: [key] } })).toThrow(
      "policy never requires one",
    );
    expect(construct({ policy: createAccessPolicy({ httpAuth: true }) })).toThrow(
      "pass auth with the keys",
    );
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])(
    "rejects a request time-out of %d ms",
    (requestTimeoutMs) => {
      expect(construct({ requestTimeoutMs })).toThrow(
        "requestTimeoutMs must be a whole number from 1 to 2147483647, not ",
      );
    },
  );

  it("lists all problems at once", () => {
    const problems = [
      "auth.header must be the name of a header.",
      "auth.keys[0].name must be a string that is not empty.",
      "auth.keys[0].rights must not be empty.",
      "requestTimeoutMs must be a whole number from 1 to 2147483647, not 0.",
      "policy replaces groups, writes and protectProbes: pass one or the other.",
      "auth has keys, but policy never requires one: create it with httpAuth.",
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
      'Unknown option "atuh" of createObservabilityRouter. Did you mean "auth"?',
    ],
    [
      { auth: { keys: [key], protectProbs: true } },
      'Unknown option "protectProbs" of auth. Did you mean "protectProbes"?',
    ],
    [
      { auth: { keys: [key], protectProbes: "yes" } },
      "auth.protectProbes must be true or false, not a string.",
    ],
    [{ auth: { key: "key-1" } }, "auth.keys must be an array, but is missing."],
    [
      { auth: { keys: ["key-1"] } },
      "auth.keys[0] takes an object with the options name, key, rights, not a string.",
    ],
    [
      { auth: null },
      "auth takes an object with the options header, keys, protectProbes, not null.",
    ],
    [{ writes: "no" }, "writes must be true, false or an array of groups, not a string."],
    [{ groups: "health" }, "groups must be an array, not a string."],
    [
      { groups: ["helth"] },
      'groups[0] must be "health" or "metrics" or "templates" or "config" or "work" or "custom" or "dashboard" or "openapi".',
    ],
    [
      { policy: {} },
      "policy must be an AccessPolicy, but lacks offers, refusal. createAccessPolicy() makes one.",
    ],
    [{ clock: Date }, "clock must be a Clock, but lacks wallMs, monotonicMs, after."],
    [
      { makeRequestId: "id" },
      "makeRequestId must be a function: (request) => string, not a string.",
    ],
    [
      null,
      "createObservabilityRouter takes an object with the options groups, writes, auth, policy, allowedHosts, dashboard, requestTimeoutMs, clock, makeRequestId, not null.",
    ],
  ])("are rejected: %j", (options, problem) => {
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
  it("checks its limits too, and suggests the nearest name", () => {
    expect(() => createObservabilityListener({}, { maxConections: 1 } as object)).toThrow(
      'Unknown option "maxConections" of createObservabilityListener. Did you mean "maxConnections"?',
    );
  });

  it.each([
    "headersTimeoutMs",
    "receiveTimeoutMs",
    "keepAliveTimeoutMs",
    "closeTimeoutMs",
    "maxHeaderBytes",
    "maxConnections",
  ])("rejects a %s of 0", (name) => {
    expect(() => createObservabilityListener({}, { [name]: 0 })).toThrow(
      `${name} must be a whole number from 1 to`,
    );
  });
});
