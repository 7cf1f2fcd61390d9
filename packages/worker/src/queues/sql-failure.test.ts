import { describe, expect, it } from "vitest";
import {
  failureScope,
  isCommitUncertain,
  sqlStateOf,
  TransactionRefusedError,
} from "./sql-failure.js";

const errorWith = (code: unknown): Error => Object.assign(new Error("refused"), { code });

describe("the SQLSTATE of a failure", () => {
  it.each(["42P01", "22P05", "55P03", "XX000", "P0001", "F0000", "HV000"])(
    "is %s if the database gave it",
    (code) => {
      expect(sqlStateOf(errorWith(code))).toBe(code);
    },
  );

  it.each(["EPIPE", "ECONNREFUSED", "ECONNRESET", "ENOENT", "step_timeout", 20, null, undefined])(
    "is none for %s",
    (code) => {
      expect(sqlStateOf(errorWith(code))).toBeNull();
    },
  );

  it.each([[null], [undefined], ["42P01"], [{}]])(
    "is none for %j, which is no error of a driver",
    (thrown) => {
      expect(sqlStateOf(thrown)).toBeNull();
    },
  );
});

describe("whose fault a failure is", () => {
  it.each([
    ["a dropped queue", "42P01"],
    ["a missing right", "42501"],
    ["a lock", "55P03"],
    ["a statement that took too long", "57014"],
    ["a deadlock", "40P01"],
  ])("%s is the whole queue's", (_what, code) => {
    expect(failureScope(errorWith(code))).toBe("queue");
  });

  it.each([
    ["a character that jsonb does not take", "22P05"],
    ["a constraint", "23514"],
    ["a value that is too large", "54000"],
    ["a trigger that raises", "P0001"],
    ["a damaged index", "XX002"],
  ])("%s may be that of one thing that was written", (_what, code) => {
    expect(failureScope(errorWith(code))).toBe("rows");
  });

  it.each(["57P01", "08006", "53300", "25006"])(
    "%s may be that of one thing that was written if the connection went on working",
    (code) => {
      const error = new TransactionRefusedError(code, errorWith(code));
      expect([failureScope(error), isCommitUncertain(error)]).toEqual(["rows", true]);
      expect([error.message, sqlStateOf(error)]).toEqual(["refused", code]);
    },
  );

  it.each(["57P01", "08006", "53300", "28P01", "3D000", "25006", "ECONNRESET"])(
    "%s is neither's: the database as a whole is in trouble",
    (code) => {
      expect(failureScope(errorWith(code))).toBe("database");
    },
  );
});
