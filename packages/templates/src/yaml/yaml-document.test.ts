import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { read } from "../testing/read-yaml.js";
import { readYamlDocuments } from "./yaml-document.js";
import { defaultYamlLimits } from "./yaml-limits.js";

describe("reading YAML", () => {
  it("gives what the library gives for plain data", () => {
    const words = fc.string({
      unit: fc.constantFrom(
        "a",
        "Z",
        " ",
        ":",
        "-",
        "#",
        '"',
        "'",
        "\n",
        "\t",
        "1",
        "0",
        "é",
        "😀",
        "%",
        "&",
        "*",
        "!",
        "<",
        "~",
      ),
    });
    const json = fc.jsonValue({ maxDepth: 5, stringUnit: "grapheme" });
    fc.assert(
      fc.property(fc.record({ words, json }), (value) => {
        fc.pre(!JSON.stringify(value).includes("__proto__"));
        expect(read(stringify(value)).value).toEqual(parse(stringify(value)));
      }),
    );
  });

  it("freezes everything", () => {
    const { value } = read("a: [{ b: 1 }]") as unknown as { value: { a: [object] } };
    expect([value, value.a, value.a[0]].every((each) => Object.isFrozen(each))).toBe(true);
  });

  it("reads every document of a file and skips those without content", () => {
    const documents = readYamlDocuments(
      "# only a comment\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n",
      defaultYamlLimits,
    );
    expect(documents.map(({ value }) => value)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it("reads keys as they are written", () => {
    expect(read("1.0: a\nnull: b\ntrue: c\n'': d").value).toEqual({
      "1.0": "a",
      null: "b",
      true: "c",
      "": "d",
    });
  });

  it("reads dates and words of other YAML versions as texts", () => {
    expect(read("a: 2025-01-01\nb: yes\nc: 12:30:45").value).toEqual({
      a: "2025-01-01",
      b: "yes",
      c: "12:30:45",
    });
    expect(read("%YAML 1.1\n---\na: yes\nb: 077").value).toEqual({ a: "yes", b: "077" });
  });

  it("resolves aliases and merge keys", () => {
    expect(read("a: &x { p: 1, q: 2 }\nb: *x\nc: { <<: *x, q: 3 }").value).toEqual({
      a: { p: 1, q: 2 },
      b: { p: 1, q: 2 },
      c: { p: 1, q: 3 },
    });
    expect(read("a: &x { p: 1 }\nb: &y { p: 2, r: 2 }\nc: { <<: [*x, *y] }").value).toMatchObject({
      c: { p: 1, r: 2 },
    });
    expect(read('"<<": text').value).toEqual({ "<<": "text" });
  });

  it("gives an alias the last anchor before it", () => {
    expect(read("a: &x 1\nb: *x\nc: &x 2\nd: *x").value).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });
});

describe("finding a place", () => {
  const document = read(
    "name: a\nsteps:\n  - name: b\n    depends_on:\n      - c\n    retry: { limit: 3 }\n",
  );

  it.each([
    [[], 1, 1],
    [["name"], 1, 1],
    [["steps", 0], 3, 5],
    [["steps", 0, "depends_on", 0], 5, 9],
    [["steps", 0, "dependencies", 0], 5, 9],
    [["steps", 0, "retry", "max_attempts"], 6, 14],
  ])("finds %j", (path, line, column) => {
    expect(document.locate(path)).toEqual({ line, column });
  });

  it("ends if the file ends", () => {
    expect(document.locate(["steps", 0, "handler", "callable"])).toEqual({ line: 3, column: 5 });
    expect(document.locate(["steps", 7])).toEqual({ line: 2, column: 1 });
  });
});
