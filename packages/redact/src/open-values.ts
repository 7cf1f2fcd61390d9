import { shortestKnown } from "./known-secrets.js";
import { memoize } from "./memoize.js";
import { isOrdinary } from "./ordinary-value.js";
import { foldPlural, splitWords } from "./split-words.js";
import type { Leaf } from "./walk.js";

/** Keys whose values are names, which people use as passwords too. */
const naming =
  "name user username login role owner database db dbname schema host hostname server service environment env namespace type kind region " +
  "cluster app application project tenant queue id";
const namingWords = new Set(naming.split(" "));
const beforeName = new RegExp(
  String.raw`(?:^|[^A-Za-z])\w{0,32}(?:${naming.replaceAll(" ", "|")})s?\\*["']?\s{0,4}[=:]\s{0,4}\\*["']?$`,
  "i",
);
const beforeHostOrPath = /:\/\/\S*@[\w.,:/-]*$/;
const longestName = 64;
const mostLooked = 16;

/** The names that stand in a document for all to see: no password that reads the same is looked for. */
export function openValuesOf(leaves: readonly Leaf[]): string[] {
  return leaves.flatMap(({ value, context, segment, parent }) => {
    if (typeof value !== "string" || context.sensitive) return [];
    if (value.length < shortestKnown || value.length > longestName) return [];
    const key = typeof segment === "string" ? segment : parent?.segment;
    return typeof key === "string" && isNaming(key) && isOrdinary(value) ? [value] : [];
  });
}

/** Keys repeat, in one document and from one to the next. */
const isNaming = memoize((key) => {
  const last = splitWords(key).at(-1);
  return last !== undefined && namingWords.has(foldPlural(last));
});

/** Whether a password is a name in the same text: the user, the host or the database of `postgres://orders:orders@orders/orders`. */
export function standsOpenly(secret: string, text: string): boolean {
  if (secret.length < shortestKnown || !/^[\p{L}\p{N}_. -]+$/u.test(secret) || !isOrdinary(secret))
    return false;
  let looked = 0;
  for (let index = text.indexOf(secret); index !== -1 && looked < mostLooked; looked++) {
    const before = text.slice(Math.max(0, index - 256), index);
    const after = text.slice(index + secret.length, index + secret.length + 3);
    if (after === "://" || beforeName.test(before) || beforeHostOrPath.test(before)) return true;
    if (before.endsWith("://") && after !== "" && ":@".includes(after.charAt(0))) return true;
    index = text.indexOf(secret, index + secret.length);
  }
  return false;
}
