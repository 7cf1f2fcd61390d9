import { describe, expect, it } from "vitest";
import { maskFindings } from "../finding.js";
import { findPemBlocks } from "./pem-blocks.js";

const mask = (text: string): string =>
  maskFindings(text, findPemBlocks(text)).replaceAll("***REDACTED***", "*");

describe("findPemBlocks", () => {
  it.each([
    ["a -----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- b", "a * b"],
    ["-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n", "*\\n"],
    [
      "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nd\n-----END PRIVATE KEY-----",
      "*\n*",
    ],
    ["x -----BEGIN PRIVATE KEY-----\nnever closed", "x *"],
  ])("masks whole blocks in %j", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });
});
