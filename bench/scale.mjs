/** Whether a bench is only tried out (`npm run bench -- --quick worker/idle`): few steps and rounds, and numbers that say nothing. */
export const quick = process.argv.includes("--quick");

/** What a bench takes in earnest, or what it takes to try it. */
export function inEarnest(real, tried) {
  return quick ? tried : real;
}
