import { describe, expect, it } from "vitest";
import { createRedactor, MASK } from "../index.js";

const { redact } = createRedactor();
const valueOf = (given: unknown): unknown => redact(given).value;

describe("a name and a value beside it", () => {
  it.each([
    ["name", "value"],
    ["Name", "Value"],
    ["key", "value"],
    ["variable", "default"],
    ["ParameterKey", "ParameterValue"],
    ["header", "value"],
    ["k", "v"],
  ])("are a pair: %s and %s", (name, value) => {
    const given = [
      { [name]: "DB_PASSWORD", [value]: "x" },
      { [name]: "DB_HOST", [value]: "db" },
    ];
    expect(redact(given)).toEqual({
      value: [{ [name]: "DB_PASSWORD", [value]: MASK }, given[1]],
      redacted_fields: [`[0].${value}`],
    });
  });

  it("counts all below the value, and a field of a form by its type", () => {
    expect(valueOf({ name: "credentials", value: { a: ["x"] } })).toEqual({
      name: "credentials",
      value: { a: [MASK] },
    });
    expect(valueOf({ type: "password", id: "p", value: "x" })).toMatchObject({ value: MASK });
  });

  it.each([
    { name: "token", type: "string", required: true },
    { name: "region", value: "eu-west-1" },
    { name: "max_tokens", value: 4096 },
    { name: "password_policy", value: "strict" },
    { name: "auth", value: "none" },
    { key: "primary_key", value: "order_id" },
    { name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", optional: true } } },
  ])("passes in %j", (given) => {
    expect(redact([given])).toEqual({ value: [given], redacted_fields: [] });
  });
});

describe("a JWK", () => {
  it("keeps its public members", () => {
    const open = { kty: "RSA", kid: "a", n: "sXchDaQebHnPiGvyDOAT", e: "AQAB", use: "sig" };
    expect(valueOf({ keys: [open] })).toEqual({ keys: [open] });
    expect(
      valueOf({ keys: [{ ...open, d: "a", p: "b", q: "c", dp: "d", dq: "e", qi: "f" }] }),
    ).toEqual({
      keys: [{ ...open, d: MASK, p: MASK, q: MASK, dp: MASK, dq: MASK, qi: MASK }],
    });
    expect(valueOf({ kty: "oct", k: "a", alg: "HS256" })).toEqual({
      kty: "oct",
      k: MASK,
      alg: "HS256",
    });
    expect(valueOf({ d: 1, p: 2, q: 3, k: "v" })).toEqual({ d: 1, p: 2, q: 3, k: "v" });
  });
});

describe("a list of arguments", () => {
  it.each<[readonly string[], number]>([
    [["--password", "x"], 1],
    [["deploy", "--api-key", "x", "--verbose"], 2],
    [["mysql", "-u", "root", "-px", "orders"], 3],
    [["curl", "-u", "app:x", "https://h"], 2],
    [["redis-cli", "-a", "x", "ping"], 2],
    [["sshpass", "-p", "x", "ssh", "h"], 2],
    [["docker", "login", "-u", "app", "-p", "x"], 5],
    [["sqlplus", "app/x@orders"], 1],
    [["Host", "h", "X-Api-Key", "k-2f9a1c"], 3],
    [["DB_PASSWORD", "hunter2x9"], 1],
  ])("loses the secret of %j", (args, index) => {
    expect(valueOf({ args })).toEqual({ args: args.with(index, MASK) });
  });

  it.each<[readonly string[]]>([
    [["--port", "8080", "--verbose"]],
    [["docker", "run", "-p", "8080:80", "nginx"]],
    [["--password-file", "/run/secrets/db"]],
    [["--password", "$DB_PASSWORD"]],
    [["password", "token"]],
    [["token", "user", "secret", "password"]],
    [["GET", "/v1/token2"]],
    [["a", "b", "c"]],
  ])("passes in %j", (args) => {
    expect(redact({ args })).toEqual({ value: { args }, redacted_fields: [] });
  });
});

describe("what Docker keeps", () => {
  it("loses its credentials, and keeps its registries", () => {
    const auth = btoa("app:S3cr3t");
    const registry = "https://index.docker.io/v1/";
    expect(valueOf({ auths: { [registry]: { auth }, r: { identitytoken: "x" } } })).toEqual({
      auths: { [registry]: { auth: MASK }, r: { identitytoken: MASK } },
    });
    expect(valueOf({ json: JSON.stringify({ auths: { r: { auth } } }) })).toEqual({
      json: JSON.stringify({ auths: { r: { auth: MASK } } }),
    });
  });
});
