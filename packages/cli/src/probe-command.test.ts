import { describe, expect, it } from "vitest";
import { probe } from "./testing/probe.js";

describe("probe's arguments", () => {
  it.each([
    [[]],
    [["health"]],
    [["ready"]],
    [["ready", "--socket"]],
    [["ready", "--socket", "a", "--url", "b"]],
    [["ready", "--socket", "a", "--socket", "b"]],
    [["ready", "--sock", "a"]],
    [["ready", "--socket", "a", "--timeout", "soon"]],
    [["ready", "--file", "a", "--timeout", "5"]],
    [["ready", "--socket", "a", "--max-age", "30"]],
    [["ready", "--url", "http://127.0.0.1:1", "--max-age=30"]],
    [["ready", "--url", "file:///etc/passwd"]],
    [["ready", "--url", "http://"]],
    [["ready", "--socket", "a", "--api-key-env", "HOME"]],
    [["ready", "--file", "a", "--api-key-file", "b"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-file", "a", "--api-key-env", "B"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-header", "X-Key"]],
    [["ready", "--url", "http://127.0.0.1:1", "--api-key-env", "HOME", "--api-key-header", "a b"]],
  ])(
    "%j are refused with exit code 64, unlike a worker out of reach, and a word on what to do",
    async (args) => {
      expect(await probe(...args)).toEqual({
        exitCode: 64,
        output: "",
        error: expect.stringMatching(/\S/),
      });
    },
  );
});
