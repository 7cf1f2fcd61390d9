import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findPemBlocks } from "./pem-blocks.js";

const mask = (text: string): string =>
  maskFindings(text, findPemBlocks(text)).replaceAll("***REDACTED***", "*");

describe("findPemBlocks", () => {
  it.each([
    ["a -----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- b", "a * b"],
    ["-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n", "*\\n"],
    [
      "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nd\n-----END PRIVATE KEY-----",
      "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n*",
    ],
    [
      "-----BEGIN CERTIFICATE-----\nabc -----BEGIN EC PRIVATE KEY-----\nd",
      "-----BEGIN CERTIFICATE-----\nabc *",
    ],
    ["-----BEGIN CERTIFICATE KEY-----\nabc\n-----END CERTIFICATE KEY-----", "*"],
    ["-----BEGIN PGP PRIVATE KEY BLOCK-----\nabc", "*"],
    ["x -----BEGIN PRIVATE KEY-----\nnever closed", "x *"],
  ])("masks whole blocks in %j", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    "CERTIFICATE",
    "TRUSTED CERTIFICATE",
    "CERTIFICATE REQUEST",
    "NEW CERTIFICATE REQUEST",
    "X509 CRL",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "PGP PUBLIC KEY BLOCK",
    "PGP SIGNATURE",
    "EC PARAMETERS",
    "DH PARAMETERS",
  ])("leaves %s alone", (label) => {
    expect(
      findPemBlocks(`-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`.repeat(2)),
    ).toEqual([]);
  });
});
