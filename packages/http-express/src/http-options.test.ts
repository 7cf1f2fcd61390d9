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

  it.each<[string, HttpOptions["auth"], RegExp]>([
    ["no key", { keys: [] }, /no key is given/],
    ["an empty key", { keys: [{ ...key, key: "" }] }, /keys\[0\] is empty or cannot travel/],
    ["a key with a line break", { keys: [{ ...key, key: "a\nb" }] }, /keys\[0\] is empty or cannot travel/],
    ["a key of other letters", { keys: [{ ...key, key: "schlüssel" }] }, /keys\[0\] is empty or cannot travel/],
    ["a key with a space at its end", { keys: [{ ...key, key: "a " }] }, /keys\[0\] is empty or cannot travel/],
    ["a key without a name", { keys: [{ ...key, name: "" }] }, /keys\[0\] has no name/],
    ["a key without rights", { keys: [{ ...key, rights: [] }] }, /keys\[0\] has no rights/],
    ["an unknown right", { keys: [{ ...key, rights: ["admin" as "read"] }] }, /keys\[0\] has a right other than/],
    ["the same key twice", { keys: [key, { ...key, name: "b" }] }, /two keys are equal/],
    ["no header", { header: "", keys: [key] }, /not a header name/],
    ["a header that is none", { header: "X API Key:", keys: [key] }, /not a header name/],
    ["several faults, all told", { header: "", keys: [{ name: "", key: "", rights: [] }] }, /header name; keys\[0\] has no name; .* no rights/],
  ])("refuses authentication with %s", (_what, auth, message) => {
    expect(construct({ auth })).toThrow(message);
    expect(construct({ auth })).toThrow(/half configured/);
  });

  it("names no key when it refuses one", () => {
    expect(construct({ auth: { keys: [{ ...key, key: "secret-ü-key" }] } })).not.toThrow(/secret/);
  });

  it("refuses a policy beside options that the policy decides", () => {
    const policy = createAccessPolicy();
    expect(construct({ policy, groups: ["health"] })).toThrow(/either policy or groups/);
    expect(construct({ policy, writes: true })).toThrow(/either policy or groups/);
  });

  it("refuses keys that the policy never asks for, and a policy that asks where there are none", () => {
    expect(construct({ policy: createAccessPolicy(), auth: { keys: [key] } })).toThrow(/never asks for one/);
    expect(construct({ policy: createAccessPolicy({ httpAuth: true }) })).toThrow(/give auth with the keys/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])("refuses a request time-out of %d ms", (requestTimeoutMs) => {
    expect(construct({ requestTimeoutMs })).toThrow(/requestTimeoutMs must be/);
  });
});
