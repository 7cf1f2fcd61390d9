import { describe, expect, it } from "vitest";
import type { Problem } from "../../problem.js";
import type { TemplateIdentity } from "../../template-identity.js";
import { definitionOf, inShort, refund, templateText } from "../../testing/templates.js";
import { readSteps } from "../subject.js";
import { identityRule } from "./identity-rule.js";

function problemsOf(identity: TemplateIdentity): readonly Problem[] {
  const { definition } = definitionOf(templateText(""));
  return identityRule({
    identity,
    definition,
    template: definition,
    steps: readSteps(definition),
    handlers: null,
    supportedNamespaces: null,
  });
}

function found(identity: Partial<TemplateIdentity>): readonly string[] {
  return inShort(problemsOf({ ...refund, ...identity }));
}

describe("the identity", () => {
  it.each(["a", "a1_b", `a${"b".repeat(28)}`])("may have the namespace %s", (namespace) => {
    expect(found({ namespace })).toEqual([]);
  });

  it.each(["A", "1a", "_a", "a-b", "a.b", "a b", "ä", `a${"b".repeat(29)}`, "a\n"])(
    "may not have the namespace %j",
    (namespace) => {
      expect(found({ namespace })).toEqual(["error bad_namespace namespace_name"]);
    },
  );

  it.each(["refund", "Refund-2.b", "a".repeat(64)])("may have the name %s", (name) => {
    expect(found({ name })).toEqual([]);
  });

  it.each(["a/b", "-a", "a b", "", "a".repeat(65), "a\u0000"])(
    "may not have the name %j",
    (name) => {
      expect(found({ name })).toEqual(["error bad_name name"]);
    },
  );

  it.each(["1.0.0", "0.0.1", "1.0.0-rc.1+build.5"])("may have the version %s", (version) => {
    expect(found({ version })).toEqual([]);
  });

  it.each([
    "1",
    "1.0",
    "v1.0.0",
    "1.0.0.0",
    "01.0.0",
    "1.0.0-",
    "latest",
    `1.0.0-${"a".repeat(99)}`,
  ])("may not have the version %j", (version) => {
    expect(found({ version })).toEqual(["error bad_version version"]);
  });

  it.each([
    ["name", { name: "ghp_0123456789abcdefghijABCDEFGHIJ012345" }],
    ["name", { name: "sk_live_51Hf9aQ2Lk8Zr41LmTx" }],
    ["version", { version: "1.0.0-AKIAIOSFODNN7EXAMPLE" }],
  ])("warns the author of a %s that looks like a secret, without it: %j", (path, identity) => {
    expect(found(identity)).toEqual([`warning secret_in_name ${path}`]);
    expect(JSON.stringify(problemsOf({ ...refund, ...identity }))).not.toContain(
      Object.values(identity)[0],
    );
  });

  it("has all its faults reported at once", () => {
    expect(found({ namespace: "X", name: "a b", version: "1" })).toHaveLength(3);
  });
});
