import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json.js";
import { toListedTemplate } from "./listed-template.js";
import type { ListedTemplate } from "./template-source.js";

function listed(description: string | null, definition: JsonObject): ListedTemplate {
  return toListedTemplate(
    { namespace: "payments", name: "refund", version: "1.0.0", description, step_count: 1 },
    description === null ? definition : { ...definition, description },
  );
}

const initialization = (options: JsonObject): JsonObject => ({
  steps: [{ name: "pay", handler: { callable: "h", initialization: options } }],
});

describe("a line of the list", () => {
  it.each<[what: string, description: string, definition: JsonObject]>([
    ["a text", "Pays with zq81opaque77", initialization({ api_key: "zq81opaque77" })],
    ["nothing but a text", "zq81opaque77", initialization({ api_key: "zq81opaque77" })],
    [
      "a text with a line break after it",
      "Pays with zq81opaque77 always",
      initialization({ api_key: "zq81opaque77\n" }),
    ],
    [
      "a text with blanks around it",
      "Pays with zq81opaque77 always",
      initialization({ api_key: "\t zq81opaque77  " }),
    ],
    [
      "the password of a URL with blanks around it",
      "Pays with zq81 opaque",
      initialization({ url: "https://app:%20zq81%20opaque%0A@pay.example" }),
    ],
    ["a number", "Pays with 918273645", initialization({ pin: 918_273_645 })],
    ["an item of a list", "Pays with zq81opaque77", { api_keys: [["zq81opaque77"]] }],
    [
      "an override",
      "Pays with zq81opaque77",
      { environments: { test: initialization({ api_key: "zq81opaque77" }) } },
    ],
    [
      "the password of a URL",
      "Pays with zq81opaque77",
      initialization({ url: "https://app:zq81opaque77@pay.example" }),
    ],
    [
      "what a URL says encoded",
      "Pays with zq81/opaque",
      initialization({ url: "https://app:zq81%2Fopaque@pay.example" }),
    ],
    [
      "a value in JSON",
      "Pays with zq81opaque77",
      initialization({ raw: '{"api_key":"zq81opaque77"}' }),
    ],
    ["a text, encoded", "Pays with zq81%2Fopaque", initialization({ api_key: "zq81/opaque" })],
  ])("has its definition where the description repeats %s", (_what, description, definition) => {
    expect(listed(description, definition).definition).toMatchObject(definition);
  });

  it.each<[why: string, description: string | null, definition: JsonObject]>([
    [
      "nothing",
      "Gives a payment back",
      {
        ...initialization({
          api_key: "zq81opaque77",
          url: "https://app:hunter2-hunter2@pay.example",
        }),
        version: "1.0.0",
      },
    ],
    ["what is too short to be known again", "Pays with zq81", initialization({ api_key: "zq81" })],
    ["nothing, being none", null, initialization({ api_key: "zq81opaque77" })],
  ])("has no definition where the description repeats %s", (_why, description, definition) => {
    expect(listed(description, definition).definition).toBeNull();
  });
});
