import { expect, it } from "vitest";
import { createLineLogger } from "./console-logger.js";

it("writes one line per entry, without control characters, whatever a name contains", () => {
  const lines: string[] = [];
  createLineLogger((line) => lines.push(line))("warn", "worker.a\u001b[2J\nb has no effect", {
    namespace: "\u202ex",
  });
  expect(lines).toEqual([
    expect.stringMatching(
      /^\d{4}-\S+Z warn worker\.a\\u\{1b\}\[2J\\u\{a\}b has no effect \{"namespace":"\\u\{202e\}x"\}\n$/,
    ),
  ]);
});
