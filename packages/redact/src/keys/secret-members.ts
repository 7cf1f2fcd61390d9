import { findInWords } from "../detect/command-lines.js";
import { isOrdinary } from "../ordinary-value.js";
import type { Reading } from "../read-value.js";
import { isSensitiveKey } from "./sensitive-key.js";

type Entries = Extract<Reading, { kind: "table" }>["entries"];

const names = new Set(
  "name key variable env envvar option property parameter parametername header attribute setting k optionname parameterkey".split(
    " ",
  ),
);
const values = new Set(
  "value val values default content data text v stringvalue plaintext rawvalue optionvalue parametervalue defaultvalue current_value".split(
    " ",
  ),
);
const privateOfJwk = new Set(["d", "p", "q", "dp", "dq", "qi", "oth", "k"]);
const none: ReadonlySet<string | number> = new Set();

/**
 * The members of a table that are secret because of its other members: `{ name: "DB_PASSWORD", value: "x" }`, a
 * private JWK.
 */
export function secretMembersOf(entries: Entries): ReadonlySet<string | number> {
  let name: string | null = null;
  let isJwk = false;
  let containsValue = false;
  for (const [key, value] of entries) {
    if (key === "kty") isJwk = true;
    const word = key.toLowerCase();
    if (typeof value === "string" && names.has(word)) name ??= value;
    else if (values.has(word)) containsValue = true;
  }
  if (isJwk) return new Set(privateOfJwk);
  if (!containsValue) return none;
  const secret = entries.filter(
    ([key, value]) =>
      values.has(key.toLowerCase()) &&
      ((name !== null && isSensitiveKey(name, value)) || isFilledIn(entries, value)),
  );
  return secret.length === 0 ? none : new Set(secret.map(([key]) => key));
}

/** A field of a form: `{ type: "password", value: "x" }`. */
function isFilledIn(entries: Entries, value: unknown): boolean {
  return (
    typeof value === "string" &&
    entries.some(([key, type]) => key === "type" && type === "password")
  );
}

const longestLine = 4_096;

/** The items of a list that are secret because of other items: `["--password", "x"]`, `["Authorization", "x"]`. */
export function secretItemsOf(items: readonly unknown[]): ReadonlySet<string | number> {
  if (items.length < 2 || items.length > longestLine || !items.some(isText)) return none;
  const words = items.map((item) => (isText(item) ? item : ""));
  const secret = new Set<number>(findInWords(words).map(({ index }) => index));
  for (let index = 1; index < words.length; index += 2) {
    const [key = "", value = ""] = words.slice(index - 1, index + 1);
    if (value !== "" && isSensitiveKey(key, value) && !isOrdinary(value)) secret.add(index);
  }
  return secret;
}

function isText(item: unknown): item is string {
  return typeof item === "string";
}
