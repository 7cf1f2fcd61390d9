/** The median of the values, the upper one of an even number. */
export function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** Prints the claim's line, and makes the exit code 1 where what was measured is above the bound. */
export function claimAtMost(what, measured, bound, options) {
  tell(what, { measured, bound, sign: "<=", isMet: measured <= bound, ...options });
}

/** The same where it is below. */
export function claimAtLeast(what, measured, bound, options) {
  tell(what, { measured, bound, sign: ">=", isMet: measured >= bound, ...options });
}

function tell(what, { measured, bound, sign, isMet, unit = "", beside = "" }) {
  const quantity = (value) => (unit === "" ? inFigures(value) : `${inFigures(value)} ${unit}`);
  console.log(
    `${isMet ? "ok  " : "MISS"} ${what}: ${quantity(measured)} (bound ${sign} ${quantity(bound)}${beside === "" ? "" : `; ${beside}`})`,
  );
  if (!isMet) process.exitCode = 1;
}

/** Whole numbers as they are, all others with three figures that count. */
function inFigures(value) {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(3)));
}
