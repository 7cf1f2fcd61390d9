import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findBareCredentials } from "./bare-credentials.js";

const mask = (text: string): string =>
  maskFindings(text, findBareCredentials(text)).replaceAll("***REDACTED***", "*");

describe("findBareCredentials", () => {
  it.each([
    ["u:p@h", "*@h"],
    [
      "connect to tasker:s3cret@db.internal:5432/x failed",
      "connect to *@db.internal:5432/x failed",
    ],
    ["user:password@tcp(127.0.0.1:3306)/db", "*@tcp(127.0.0.1:3306)/db"],
    ["u:p@x/y#z@h", "*@h"],
    ["(u:p@h)", "(*@h)"],
    ["jdbc:oracle:thin:scott/tiger@//h:1521/x", "*@//h:1521/x"],
  ])("masks what precedes the host in %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    "a@b.example",
    "mailto:a@b.example",
    "From:bob@example.com",
    "email:bob@example.com,",
    "nginx:1.25@sha256:0123abcd",
    "npm:react@18.2.0",
    "git@github.com:org/repo.git",
    "C:\\srv\\.pnpm\\pg@8.16.3\\client.js",
    "C:/srv/.pnpm/pg@8.16.3/client.js",
    "at node:internal/process@x",
    "12:30 @ office",
  ])("leaves %s alone", (text) => {
    expect(findBareCredentials(text)).toEqual([]);
  });
});
