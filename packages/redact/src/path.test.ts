import { describe, expect, it } from "vitest";
import { formatPath } from "./path.js";

describe("formatPath", () => {
  it.each([
    [["worker", "web", "auth", "api_keys", 0, "key"], "worker.web.auth.api_keys[0].key"],
    [[0, "a"], "[0].a"],
    [["a.b", "c-d", "e f", ""], '["a.b"].c-d["e f"][""]'],
    [["__proto__", "0"], '__proto__["0"]'],
    [[], ""],
  ])("writes %j as %s", (segments, path) => {
    expect(formatPath(segments)).toBe(path);
  });
});
