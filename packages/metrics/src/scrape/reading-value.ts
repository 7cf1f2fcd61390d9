import type { Family } from "../family.js";

/**
 * Converts a port's number to a sample's value.
 *
 * @throws TypeError if it cannot be one: not a number, a bigint above 2^53, a counter that is negative or not finite.
 */
export function toReadingValue(family: Pick<Family, "name" | "type">, value: unknown): number {
  const number = typeof value === "bigint" ? toSafeNumber(family, value) : value;
  if (typeof number !== "number")
    throw new TypeError(
      `${family.name}: expected a number, got ${value === null ? "null" : typeof value}.`,
    );
  if (family.type === "counter" && !(number >= 0 && number < Number.POSITIVE_INFINITY)) {
    throw new TypeError(`${family.name}: a counter cannot be ${number}.`);
  }
  // Turns -0 into 0, as both texts and JSON do.
  return number + 0;
}

function toSafeNumber(family: Pick<Family, "name">, value: bigint): number {
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
    throw new TypeError(`${family.name}: ${value} is beyond 2^53 and would lose digits.`);
  }
  return Number(value);
}
