import { once } from "node:events";
import { connect, createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFailureClassifier } from "./failure-classifier.js";

const classifyFailure = createFailureClassifier({
  byCode: { "53300": "too_many_connections", ETIMEDOUT: "pool_exhausted" },
  byMessage: [["Connection terminated", "connection_closed"]],
});

const withCode = (code: unknown): Error =>
  Object.assign(new Error("connect 10.0.0.7:5432 as worker"), { code });

async function refusedConnection(host: string): Promise<unknown> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await once(server.close(), "close");
  const [error] = (await once(connect({ port, host }), "error").catch((error: unknown) => [
    error,
  ])) as unknown[];
  return error;
}

describe("createFailureClassifier", () => {
  it.each([
    ["ECONNREFUSED", "connection_refused"],
    ["ECONNRESET", "connection_reset"],
    ["EPIPE", "connection_reset"],
    ["ENOTFOUND", "host_not_found"],
    ["EHOSTUNREACH", "host_unreachable"],
    ["CERT_HAS_EXPIRED", "certificate_refused"],
    ["UND_ERR_SOCKET", "connection_closed"],
  ])("names %s %s", (code, kind) => {
    expect(classifyFailure(withCode(code))).toBe(kind);
  });

  it("knows the codes and the messages of its service, before its own", () => {
    expect(classifyFailure(withCode("53300"))).toBe("too_many_connections");
    expect(classifyFailure(withCode("ETIMEDOUT"))).toBe("pool_exhausted");
    expect(classifyFailure(new Error("Connection terminated unexpectedly"))).toBe(
      "connection_closed",
    );
  });

  it("names a connection that was really refused, on one address and on all of a name's", async () => {
    expect(classifyFailure(await refusedConnection("127.0.0.1"))).toBe("connection_refused");
    expect(classifyFailure(await refusedConnection("localhost"))).toBe("connection_refused");
  });

  it("looks into aggregated errors and into causes", () => {
    expect(
      classifyFailure(new AggregateError([withCode("EWEIRD"), withCode("ECONNREFUSED")])),
    ).toBe("connection_refused");
    expect(classifyFailure(new TypeError("fetch failed", { cause: withCode("ENOTFOUND") }))).toBe(
      "host_not_found",
    );
  });

  it("recognizes time-outs and aborts by name", () => {
    expect(classifyFailure(new DOMException("too slow", "TimeoutError"))).toBe("timeout");
    expect(classifyFailure(new DOMException("gone", "AbortError"))).toBe("aborted");
  });

  it("calls everything else failed", () => {
    for (const error of [
      new Error("select * from users"),
      withCode("EWEIRD"),
      withCode(7),
      "postgres://u:p@h",
      7,
      null,
      undefined,
      Symbol("x"),
      {},
    ]) {
      expect(classifyFailure(error)).toBe("failed");
    }
  });

  it("survives circles and hostile getters", () => {
    const circle = new Error("round");
    circle.cause = circle;
    const hostile = Object.defineProperty(new Error("no"), "code", {
      get() {
        throw new Error("no");
      },
    });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    for (const error of [
      circle,
      hostile,
      revoked.proxy,
      { errors: [hostile] },
      { code: "__proto__" },
      { code: "constructor" },
    ]) {
      expect(classifyFailure(error)).toBe("failed");
    }
  });

  it("never repeats a word of the error", () => {
    fc.assert(
      fc.property(
        fc.record({
          message: fc.string(),
          code: fc.string(),
          name: fc.string(),
          cause: fc.anything(),
          errors: fc.array(fc.anything()),
        }),
        (error) => {
          expect(classifyFailure(error)).toMatch(/^[a-z_]+$/);
        },
      ),
    );
  });
});
