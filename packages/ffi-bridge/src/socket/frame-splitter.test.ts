import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrameSplitter, maxFrameBytes } from "./frame-splitter.js";

function split(chunks: readonly Buffer[]) {
  const found: string[] = [];
  const splitter = new FrameSplitter({
    onFrame: (text) => found.push(text),
    onOversized: () => found.push("<too large>"),
  });
  for (const chunk of chunks) splitter.push(chunk);
  return found;
}

describe("FrameSplitter", () => {
  it("finds the same lines however the bytes are cut up", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 1, unit: "grapheme" }).filter((line) => !line.includes("\n")),
        ),
        fc.array(fc.nat(40)),
        (lines, cuts) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const edges = [
            0,
            ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b),
            bytes.length,
          ];
          const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect(split(chunks)).toEqual(lines.map((line) => Buffer.from(line).toString("utf8")));
        },
      ),
    );
  });

  it("accepts a frame of exactly a megabyte, and reports a longer one once", () => {
    const full = Buffer.alloc(maxFrameBytes, "x");
    expect(split([full, Buffer.from("\n")])[0]).toHaveLength(maxFrameBytes);
    expect(split([full, Buffer.from("y"), full, full, Buffer.from("\nnext\n")])).toEqual([
      "<too large>",
      "next",
    ]);
    expect(split([full, Buffer.from("y\nnext\n")])).toEqual(["<too large>", "next"]);
    expect(split([Buffer.concat([full, Buffer.from("y\nnext\n")])])).toEqual([
      "<too large>",
      "next",
    ]);
  });

  it("treats the rest at the end as a line, unless it is empty or too long", () => {
    const end = (...chunks: readonly string[]) => {
      const found: string[] = [];
      const splitter = new FrameSplitter({
        onFrame: (text) => found.push(text),
        onOversized: () => found.push("<too large>"),
      });
      for (const chunk of chunks) splitter.push(Buffer.from(chunk));
      splitter.end();
      return found;
    };
    expect(end("a\nb", "c")).toEqual(["a", "bc"]);
    expect(end("a\n")).toEqual(["a"]);
    expect(end("x".repeat(maxFrameBytes + 1))).toEqual(["<too large>"]);
  });
});
