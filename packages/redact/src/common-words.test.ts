import { describe, expect, it } from "vitest";
import { isCommon } from "./known-secrets.js";

describe("isCommon", () => {
  it.each([
    "postgres",
    "Postgres1",
    "postgrespostgres",
    "development",
    "production",
    "localhost",
    "tasker_production",
    "orders-test-1",
    "taskerworker2024",
    "administrator",
    "password",
    "password1",
    "Password123!",
    "changeme",
    "letmein1",
    "qwertyuiop",
    "12345678",
    "00000000",
    "required",
  ])("says yes to %s", (text) => {
    expect(isCommon(text)).toBe(true);
  });

  it.each([
    "hunter2hunter2",
    "p@ssw0rd1",
    "new-secret-2",
    "elephants",
    "zq7f3a91c05be2d8417a",
    "postgres-x7k2",
    "20260131",
    "prod-zebra-9",
    "a".repeat(100),
    "orders".repeat(20),
    "--------",
    "",
  ])("says no to %j", (text) => {
    expect(isCommon(text)).toBe(false);
  });
});
