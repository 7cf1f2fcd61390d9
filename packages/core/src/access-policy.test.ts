import { describe, expect, it } from "vitest";
import * as z from "zod";
import {
  type AccessPolicyOptions,
  type Caller,
  createAccessPolicy,
  type Right,
  type Transport,
} from "./access-policy.js";
import { createWorkerContext } from "./context.js";
import type { ErrorCode } from "./error-codes.js";
import { ObservabilityError } from "./errors.js";
import { type OperationGroup, operationGroups } from "./operation-groups.js";
import type { Operation } from "./operation.js";

const context = createWorkerContext();

function operation(
  access: Right,
  exposure: "probe" | "detail",
  group: OperationGroup = "templates",
): Operation {
  return {
    name: "asked",
    group,
    access,
    exposure,
    params: z.strictObject({}),
    result: z.string(),
    mediaTypes: ["text/plain"],
    context,
    run: async () => "",
  };
}

const probe = operation("read", "probe", "health");
const detail = operation("read", "detail");
const write = operation("write", "detail");

const anybody: Caller["rights"] = null;
const reader: Caller["rights"] = ["read"];
const writer: Caller["rights"] = ["read", "write"];
const nothing: Caller["rights"] = [];

describe("createAccessPolicy", () => {
  it.each<[string, AccessPolicyOptions, Transport, Caller["rights"], Operation, ErrorCode | null]>([
    ["in process everything is allowed", {}, "in_process", anybody, write, null],
    [
      "in process needs no credential where HTTP does",
      { httpAuth: true, protectProbes: true },
      "in_process",
      anybody,
      write,
      null,
    ],
    ["HTTP reads by default", {}, "http", anybody, detail, null],
    ["HTTP does not write by default", {}, "http", anybody, write, "CACHE_OPERATIONS_DISABLED"],
    ["HTTP writes when enabled", { httpWrites: true }, "http", anybody, write, null],
    ["HTTP writes of a group", { httpWrites: [write.group] }, "http", anybody, write, null],
    [
      "HTTP no writes of other groups",
      { httpWrites: ["work"] },
      "http",
      anybody,
      write,
      operationGroups[write.group].writesDisabled.code,
    ],
    [
      "the socket's opt-in is none for HTTP",
      { socketWrites: true },
      "http",
      anybody,
      write,
      "CACHE_OPERATIONS_DISABLED",
    ],
    ["the socket reads by default", {}, "socket", anybody, detail, null],
    [
      "the socket does not write by default",
      {},
      "socket",
      anybody,
      write,
      "CACHE_OPERATIONS_DISABLED",
    ],
    ["the socket writes when enabled", { socketWrites: true }, "socket", anybody, write, null],
    [
      "HTTP's opt-in is none for the socket",
      { httpWrites: true },
      "socket",
      anybody,
      write,
      "CACHE_OPERATIONS_DISABLED",
    ],
    [
      "the socket needs no credential where HTTP does",
      { httpAuth: true, protectProbes: true },
      "socket",
      anybody,
      detail,
      null,
    ],
    [
      "with auth a detail needs a credential",
      { httpAuth: true },
      "http",
      anybody,
      detail,
      "UNAUTHORIZED",
    ],
    [
      "with auth a write needs a credential before anything else",
      { httpAuth: true },
      "http",
      anybody,
      write,
      "UNAUTHORIZED",
    ],
    [
      "with auth an exposure that JavaScript misspelled needs a credential",
      { httpAuth: true },
      "http",
      anybody,
      { ...detail, exposure: "details" as never },
      "UNAUTHORIZED",
    ],
    [
      "an access that JavaScript misspelled is a write",
      {},
      "http",
      anybody,
      { ...detail, access: "Write" as never },
      "CACHE_OPERATIONS_DISABLED",
    ],
    ["with auth a probe stays open", { httpAuth: true }, "http", anybody, probe, null],
    [
      "a probe can be protected too",
      { httpAuth: true, protectProbes: true },
      "http",
      anybody,
      probe,
      "UNAUTHORIZED",
    ],
    [
      "protected probes are open where there is no auth",
      { protectProbes: true },
      "http",
      anybody,
      probe,
      null,
    ],
    ["a reader reads", { httpAuth: true, protectProbes: true }, "http", reader, detail, null],
    ["a reader probes", { httpAuth: true, protectProbes: true }, "http", reader, probe, null],
    [
      "a reader does not write",
      { httpAuth: true, httpWrites: true },
      "http",
      reader,
      write,
      "FORBIDDEN",
    ],
    ["a writer writes", { httpAuth: true, httpWrites: true }, "http", writer, write, null],
    [
      "a writer does not write where writes are off",
      { httpAuth: true },
      "http",
      writer,
      write,
      "CACHE_OPERATIONS_DISABLED",
    ],
    [
      "a key without rights reads nothing",
      { httpAuth: true },
      "http",
      nothing,
      detail,
      "FORBIDDEN",
    ],
    [
      "a key that only writes does not read",
      { httpAuth: true },
      "http",
      ["write"],
      detail,
      "FORBIDDEN",
    ],
  ])("%s", (_rule, options, transport, rights, asked, refusal) => {
    expect(createAccessPolicy(options).refusal(asked, { transport, rights })).toBe(refusal);
  });

  it("offers every group on every transport by default", () => {
    const policy = createAccessPolicy();
    for (const group of ["health", "metrics", "templates", "config"] as const) {
      for (const transport of ["in_process", "socket", "http"] as const)
        expect(policy.offers(operation("read", "detail", group), transport)).toBe(true);
    }
  });

  it("removes a group only from HTTP", () => {
    const policy = createAccessPolicy({ httpGroups: ["health"] });
    expect(policy.offers(probe, "http")).toBe(true);
    expect(policy.offers(detail, "http")).toBe(false);
    for (const transport of ["in_process", "socket"] as const)
      expect(policy.offers(detail, transport)).toBe(true);
  });

  it("uses the default for an undefined option", () => {
    const policy = createAccessPolicy({
      httpGroups: undefined,
      httpWrites: undefined,
      httpAuth: undefined,
      protectProbes: undefined,
      socketWrites: undefined,
    });
    expect(policy.offers(detail, "http")).toBe(true);
    expect(policy.refusal(detail, { transport: "http", rights: null })).toBeNull();
  });

  it("names everything wrong with its options at once", () => {
    const options = {
      httpWrite: true,
      httpGroups: ["health", "template", 5],
      httpAuth: "yes",
      socketWrites: null,
      writesHint: 7,
    };
    expect(() => createAccessPolicy(options as never)).toThrow(
      new ObservabilityError(
        "INVALID_PARAMS",
        [
          'Unknown option "httpWrite" of createAccessPolicy. Did you mean "httpWrites"?',
          'httpGroups[1] must be "health" or "metrics" or "templates" or "config" or "work" or "custom" or "dashboard" or "openapi".',
          'httpGroups[2] must be "health" or "metrics" or "templates" or "config" or "work" or "custom" or "dashboard" or "openapi", not a number.',
          "httpAuth must be true or false.",
          "socketWrites must be true or false, not null.",
          "writesHint must be a string, not a number.",
        ].join(" "),
      ),
    );
    expect(() => createAccessPolicy(null as never)).toThrow(
      "createAccessPolicy takes an object with the options httpGroups, httpWrites, httpAuth, protectProbes, socketWrites, writesHint, not null.",
    );
    expect(() => createAccessPolicy({ httpGroups: "health" as never })).toThrow(
      "httpGroups must be an array.",
    );
  });
});
