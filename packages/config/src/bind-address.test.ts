import { describe, expect, it } from "vitest";
import { formatBindAddress, parseBindAddress } from "./bind-address.js";

describe("parseBindAddress", () => {
  it.each([
    ["127.0.0.1:8081", { host: "127.0.0.1", port: 8081 }],
    ["0.0.0.0:0", { host: "0.0.0.0", port: 0 }],
    ["[::1]:8081", { host: "::1", port: 8081 }],
    ["[fe80::1%eth0]:80", { host: "fe80::1%eth0", port: 80 }],
    [" localhost:65535 ", { host: "localhost", port: 65_535 }],
  ])("reads %j", (text, address) => {
    expect(parseBindAddress(text)).toEqual(address);
    expect(formatBindAddress(address)).toBe(text.trim());
  });

  it.each([
    "",
    "8081",
    ":8081",
    "localhost",
    "localhost:",
    "localhost:65536",
    "localhost:-1",
    "localhost:8.5",
    "::1:8081",
    "[::1]",
    "http://h:1",
    "a b:1",
    "h:1/x",
    "u@h:1",
    "0:8081",
    "127.1:8081",
    "0x0:8081",
    "-:8081",
    "[:]:8081",
  ])("rejects %j", (text) => {
    expect(parseBindAddress(text)).toBeNull();
  });
});
