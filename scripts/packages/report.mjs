let problems = 0;

/** Prints what came of a check. @param problem - what is wrong; null where nothing is. */
export function report(what, problem) {
  if (problem === null) return console.log(`${what}: ok`);
  problems += 1;
  console.error(`${what}: FAILED\n${problem}`);
}

/** Ends with a line about all checks, and with their exit code. */
export function endWithReport(what) {
  console.log(`${what}: ${problems === 0 ? "all good" : `${problems} problems`}`);
  process.exitCode = problems === 0 ? 0 : 1;
}

/** What is wrong with a run that was to succeed; null where nothing is. */
export function problemOf({ status, stdout, stderr }) {
  return status === 0 ? null : `It exited with ${status}:\n${stdout}\n${stderr}`;
}
