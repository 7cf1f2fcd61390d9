import { describe, expect, it } from "vitest";
import { resolveConfig } from "../load-config.js";

const url = "postgres://localhost/orders";
const noticesOf = (web: object, environment?: string) =>
  resolveConfig({ common: { database: { url } }, worker: { web } }, { env: {}, environment })
    .notices;

describe("a listener without auth", () => {
  it.each([
    "0.0.0.0",
    "[::]",
    "10.0.0.7",
    "[fe80::1%eth0]",
    "[::ffff:10.0.0.7]",
    "worker.internal",
  ])("gets a notice if other machines can reach it, at %s", (host) => {
    expect(noticesOf({ bind_address: `${host}:8081` })).toEqual([
      expect.stringMatching(
        /^worker\.web\.bind_address opens HTTP to other machines.* can read without a key\. Set worker\.web\.auth\.enabled/,
      ),
    ]);
  });

  it.each([
    "127.0.0.1",
    "127.1.2.3",
    "localhost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
  ])("is no matter on loopback, at %s", (host) => {
    expect(noticesOf({ bind_address: `${host}:8081` })).toEqual([]);
  });

  it("says that others can write, if they can", () => {
    const endpoints = { cache_operations_enabled: true };
    expect(noticesOf({ bind_address: "0.0.0.0:1", endpoints })).toEqual([
      expect.stringContaining("can read and write without a key"),
    ]);
  });

  it("does not matter if it is off, or requires a key", () => {
    const auth = { enabled: true, api_keys: [{ name: "x", key: "k-12345678901234" }] };
    expect(noticesOf({ bind_address: "0.0.0.0:1", enabled: false })).toEqual([]);
    expect(noticesOf({ bind_address: "0.0.0.0:1", auth })).toEqual([]);
  });
});

describe("production without a database", () => {
  const noticesIn = (environment: string, given: string | undefined) =>
    resolveConfig({}, { env: { DATABASE_URL: given }, environment }).notices;

  it.each([
    ...["production", "Production", "PROD", "prd", "live", "production-eu", "eu_prod"],
    ...["eu-prd-2", "prod1", "live.eu"],
  ])("gets a notice in %s", (environment) => {
    expect(noticesIn(environment, undefined)).toEqual([
      expect.stringMatching(/^common\.database\.url is empty .*does not start without it/),
    ]);
    expect(noticesIn(environment, url)).toEqual([]);
  });

  it.each(["staging", "reproduction", "product-eu", "delivery"])(
    "is the embedded database, with a notice, in %s",
    (environment) => {
      expect(noticesIn(environment, undefined)).toEqual([
        expect.stringMatching(/^common\.database\.url is empty .*uses the embedded database/),
      ]);
      expect(noticesIn(environment, url)).toEqual([]);
    },
  );

  it.each(["development", "test"])("is no matter in %s", (environment) => {
    expect(noticesIn(environment, undefined)).toEqual([]);
  });
});
