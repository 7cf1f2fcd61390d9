import { describe, expect, it } from "vitest";
import { classifyFailure } from "./classify-failure.js";

const withCode = (code: unknown): Error =>
  Object.assign(new Error("connect 10.0.0.7:5432 as worker"), { code });

describe("classifyFailure", () => {
  it.each([
    ["ECONNREFUSED", "connection_refused"],
    ["ECONNRESET", "connection_reset"],
    ["ETIMEDOUT", "connection_timeout"],
    ["ENOTFOUND", "host_not_found"],
    ["EHOSTUNREACH", "host_unreachable"],
    ["28P01", "authentication_failed"],
    ["28000", "authentication_failed"],
    ["25006", "read_only"],
    ["3D000", "database_not_found"],
    ["42501", "permission_denied"],
    ["53300", "too_many_connections"],
    ["57014", "statement_cancelled"],
    ["57P01", "shutting_down"],
    ["57P03", "starting_up"],
    ["CONNECT_TIMEOUT", "connection_timeout"],
    ["CONNECTION_CLOSED", "connection_closed"],
    ["CONNECTION_ENDED", "pool_closed"],
  ])("names %s %s", (code, kind) => {
    expect(classifyFailure(withCode(code))).toBe(kind);
  });

  it.each([
    ["timeout exceeded when trying to connect", "pool_exhausted"],
    ["Connection terminated due to connection timeout", "connection_timeout"],
    ["Connection terminated unexpectedly", "connection_closed"],
    ["Cannot use a pool after calling end on the pool", "pool_closed"],
    ["SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string", "authentication_failed"],
  ])("knows pg's %j, which has no code, as %s", (message, kind) => {
    expect(classifyFailure(new Error(message))).toBe(kind);
  });

  it("looks into aggregated errors and into causes", () => {
    expect(classifyFailure(new AggregateError([withCode("EWEIRD"), withCode("57P01")]))).toBe(
      "shutting_down",
    );
    expect(classifyFailure(new Error("failed", { cause: withCode("53300") }))).toBe(
      "too_many_connections",
    );
  });

  it("calls everything else failed", () => {
    for (const error of [new Error("select * from users"), withCode("42"), withCode(7), null, {}])
      expect(classifyFailure(error)).toBe("failed");
  });
});
