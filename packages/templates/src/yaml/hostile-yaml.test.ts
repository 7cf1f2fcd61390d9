import { describe, expect, it } from "vitest";
import { read } from "../testing/read-yaml.js";
import { readYamlDocuments } from "./yaml-document.js";
import { defaultYamlLimits } from "./yaml-limits.js";

function problems(text: string, limits = defaultYamlLimits): readonly string[] {
  return read(text, limits).problems.map(
    ({ code, path, position }) =>
      `${code} ${path.join(".")} ${position?.line ?? "-"}:${position?.column ?? "-"}`,
  );
}

describe("hostile YAML", () => {
  it("names a key that is given twice, with its place", () => {
    expect(problems("a: 1\nb:\n  c: 1\n  c: 2\n")).toEqual(["duplicate_key b.c 4:3"]);
  });

  it("rejects a __proto__ key by its path, and sets no prototype", () => {
    const text = "a:\n  - __proto__: { polluted: true }\n";
    expect(problems(text)).toEqual(["proto_key a.0.__proto__ 2:5"]);
    expect(read(text).value).toEqual({ a: [{}] });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("rejects a __proto__ key that a merge would bring", () => {
    expect(problems("a: &x { __proto__: { p: 1 } }\nb: { <<: *x }")).toEqual([
      "proto_key a.__proto__ 1:9",
    ]);
  });

  it.each([
    ["a: !ruby/object:Gem::Installer {}", "yaml_tag  1:4"],
    ["a: !!js/function 'return 1'", "yaml_tag  1:4"],
    ["a: !!python/object/apply:os.system [id]", "yaml_tag  1:4"],
    ["a: !!float abc", "yaml_tag  1:4"],
    ["a: !custom 1", "yaml_tag  1:4"],
  ])("reads no tag: %s", (text, problem) => {
    expect(problems(text)).toEqual([problem]);
    expect(read(text).value).toBeUndefined();
  });

  it("allows a tag that changes nothing", () => {
    expect(read("a: !!str 1\nb: !!map {}").value).toEqual({ a: "1", b: {} });
  });

  it("stops a file whose aliases repeat more than a file may contain", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
    const laughs = names.map(
      (name, index) =>
        `${name}: &${name} [${Array.from({ length: 9 }, () => (index === 0 ? "lol" : `*${names[index - 1]}`)).join(", ")}]`,
    );
    expect(problems(laughs.join("\n"))).toEqual([expect.stringMatching(/^yaml_alias /)]);
    expect(read(laughs.join("\n")).value).toBeUndefined();
  });

  it("stops merges that double at every step", () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `k${index + 1}: &k${index + 1} { <<: [*k${index}, *k${index}], v${index}: 1 }`,
    );
    expect(problems(["k0: &k0 { v: 1 }", ...lines].join("\n"))).toEqual([
      expect.stringMatching(/^yaml_alias /),
    ]);
  });

  it("rejects an alias inside its own anchor, and one without an anchor", () => {
    expect(problems("a: &x [*x]")).toEqual(["yaml_alias a.0 1:8"]);
    expect(problems("a: *nowhere")).toEqual(["yaml_alias a 1:4"]);
  });

  it("stops collections that nest too deep, however deep", () => {
    const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(read(nested(64)).problems).toEqual([]);
    expect(problems(nested(65))).toEqual([expect.stringMatching(/^too_deep /)]);
    expect(problems(nested(20_000))).toEqual([expect.stringMatching(/^too_deep /)]);
  });

  it.each<[what: string, text: string, codes: readonly string[]]>([
    ["a bottomless text", "[".repeat(20_000), ["too_deep"]],
    [
      "a bottomless document between others",
      `a: 1\n---\nb: ${"[".repeat(2_000)}\n---\nc: [\n---\nd: }`,
      ["too_deep"],
    ],
    ["brackets that are all left open", "[".repeat(500), ["yaml_syntax", "yaml_syntax"]],
  ])("reports what is wrong once for %s", (_what, text, codes) => {
    expect(
      readYamlDocuments(text, defaultYamlLimits).flatMap((document) =>
        document.problems.map(({ code }) => code),
      ),
    ).toEqual(codes);
  });

  it("rejects keys that are not strings", () => {
    expect(read("? [a, b]\n: 1\n").problems.map(({ code }) => code)).toEqual(["yaml_syntax"]);
    expect(problems("a: &x text\n*x : 1")).not.toEqual([]);
  });

  it("reports where the syntax is broken, without quoting the file", () => {
    const document = read("a: 1\nb: [sk_live_51Hf9aQ2Lk\nc: }");
    expect(document.problems.every(({ code }) => code === "yaml_syntax")).toBe(true);
    expect(document.problems[0]?.position?.line).toBeGreaterThan(1);
    expect(JSON.stringify(document.problems)).not.toContain("sk_live");
  });
});
