import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isListenHost, isLoopbackHost } from "./listen-host.js";

describe("isListenHost", () => {
  it.each([
    ["127.0.0.1"],
    ["0.0.0.0"],
    ["::"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["fe80::1%eth0"],
    ["localhost"],
    ["localhost."],
    ["worker-1.example.com"],
    ["my_service"],
    ["1password.example"],
    ["x"],
  ])("takes %j", (host) => {
    expect(isListenHost(host)).toBe(true);
  });

  it.each<[unknown]>([
    [""],
    [" "],
    ["*"],
    ["0"],
    ["00"],
    ["0x0"],
    ["0X7F.1"],
    ["0x"],
    ["127.1"],
    ["0.0"],
    ["00.0.0.0"],
    ["256.0.0.1"],
    ["2130706433"],
    ["0."],
    ["localhost:80"],
    ["127.0.0.1:80"],
    ["[::]"],
    ["http://localhost"],
    [" localhost"],
    ["localhost\n"],
    ["local host"],
    ["a..b"],
    ["."],
    ["-a"],
    ["a".repeat(64)],
    ["a.".repeat(127)],
    ["\0"],
    ["ｌocalhost"],
    [undefined],
    [null],
    [0],
    [true],
    [["127.0.0.1"]],
    [{ toString: () => "127.0.0.1" }],
  ])("rejects %j", (host) => {
    expect(isListenHost(host)).toBe(false);
  });
});

it("accepts every address that Node accepts", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      expect([isIP(address) !== 0, isListenHost(address)]).toEqual([true, true]);
    }),
  );
});

describe("isLoopbackHost", () => {
  it.each([
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::1%lo",
    "::ffff:127.0.0.1",
    "LocalHost",
  ])("says so of %j", (host) => {
    expect(isLoopbackHost(host)).toBe(true);
  });

  it.each([
    "0.0.0.0",
    "::",
    "10.0.0.7",
    "::2",
    "::ffff:10.0.0.7",
    "127.0.0.1.example",
    "localhost.example",
    "",
  ])("does not say so of %j", (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
