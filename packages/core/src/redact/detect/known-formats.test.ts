import { describe, expect, it } from "vitest";
import { maskFindings } from "../finding.js";
import { findKnownFormats } from "./known-formats.js";

const mask = (text: string): string =>
  maskFindings(text, findKnownFormats(text)).replaceAll("***REDACTED***", "*");

// Put together here, so that no scanner of repositories takes them for real ones.
const body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
const tokens = [
  ["AKIA", "ABCDEFGH23456789"].join(""),
  `ghp_${body}`,
  `github_pat_${body}`,
  `glpat-${body.slice(0, 20)}`,
  `xoxb-123456789012-${body}`,
  `sk_live_${body}`,
  `rk_test_${body}`,
  `whsec_${body}`,
  `sk-${body}`,
  `sk-ant-api03-${body}`,
  `sk-proj-${"lettersOnly".repeat(3)}`,
  `sk-${"a".repeat(20)}T3BlbkFJ${"b".repeat(20)}`,
  `sbp_${"0123456789abcdef".repeat(2)}`,
  `AIza${body}`,
  `ya29.${body}`,
  `npm_${body}`,
  `pypi-AgE${body}`,
  `SG.${body}.${body}`,
  `SK${"0123456789abcdef".repeat(2)}`,
  `hf_${body}`,
  `hvs.${body}`,
  `dop_v1_${"0123456789abcdef".repeat(4)}`,
  `shpat_${"0123456789abcdef".repeat(2)}`,
  `123456789:AA${body}`,
  `AGE-SECRET-KEY-1${body.toUpperCase()}`,
];

describe("findKnownFormats", () => {
  it.each(tokens)("finds %s, whole, in a sentence", (token) => {
    expect(mask(`before ${token} after`)).toBe("before * after");
  });

  it("finds a token of any length to its end", () => {
    expect(mask(`ghp_${"a1".repeat(5_000)}`)).toBe("*");
  });

  it("cuts the path of a Slack or Discord webhook", () => {
    expect(mask(`https://discord.com/api/webhooks/123456789012345678/${body}`)).toBe(
      "https://discord.com/api/webhooks/*",
    );
    expect(mask(`https://discordapp.com/api/webhooks/123456789012345678/${body}`)).toBe(
      "https://discordapp.com/api/webhooks/*",
    );
    expect(mask("https://hooks.slack.com/services/T0000/B0000/abcdef")).toBe(
      "https://hooks.slack.com/services/*",
    );
  });

  it.each([
    "task-orchestration-service-name-1",
    "risk-assessment-of-2024-orders",
    "npm_config_registry_of_this_package",
    "pypi-server-configuration-name",
    "pk_live_abcdefgh",
    "AKIA",
    "ghp_short",
  ])("leaves %s alone", (text) => {
    expect(findKnownFormats(text)).toEqual([]);
  });
});
