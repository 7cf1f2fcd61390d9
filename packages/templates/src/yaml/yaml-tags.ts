import type { CollectionTag, ScalarTag } from "yaml";

const prefix = "tag:yaml.org,2002:";

/** Tags without effect: the types that values have anyway. */
const plainTags: ReadonlySet<string> = tagsOf("map", "seq", "str", "null", "bool", "int");

/** Tags that Tasker ignores, reading the value as if untagged: `!!float 3` is the number 3. */
const passedOver: ReadonlySet<string> = tagsOf(
  "float",
  "binary",
  "timestamp",
  "set",
  "omap",
  "pairs",
);

/** How a tag is read; `!ruby/object` and other tags of programs are not. */
export function readingOf(tag: string): "plain" | "passed_over" | "not_read" {
  if (plainTags.has(tag)) return "plain";
  return passedOver.has(tag) ? "passed_over" : "not_read";
}

export const unreadTag = {
  code: "yaml_tag",
  message: "The tag is not supported, or its value does not have its type.",
  hint: "Remove the tag: templates are plain data.",
} as const;
export const passedOverTag = {
  code: "yaml_tag",
  message: "The value is read without its tag, as in Tasker.",
  hint: "Remove the tag.",
} as const;

/** What the YAML library needs for them besides its own. */
export const passedOverTags: readonly (CollectionTag | ScalarTag)[] = [
  scalar("float", (text, refuse) => {
    if (isFloat.test(text)) return Number(text);
    refuse("not a number");
    return text;
  }),
  scalar("binary"),
  scalar("timestamp"),
  collection("set", "map"),
  collection("omap", "seq"),
  collection("pairs", "seq"),
];

const isFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

function scalar(
  name: string,
  resolve: (text: string, refuse: (message: string) => void) => unknown = (text) => text,
): ScalarTag {
  return { tag: prefix + name, resolve };
}

function collection(name: string, kind: "map" | "seq"): CollectionTag {
  return { tag: prefix + name, collection: kind, resolve: (value) => value };
}

function tagsOf(...names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => prefix + name));
}
