import type { Reporter, TestModule } from "vitest/node";

/** Ends a run with `N passed, N failed, N skipped`, which any reader of test output understands. */
export const closingLine: Reporter = {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) count(module, counts);
    process.stdout.write(
      `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
    );
  },
};

function count(
  module: TestModule,
  counts: { passed: number; failed: number; skipped: number },
): void {
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") counts.passed += 1;
    else if (state === "failed") counts.failed += 1;
    else counts.skipped += 1;
  }
  // A file that cannot be loaded contains no test to fail.
  if (
    module.state() === "failed" &&
    [...module.children.allTests()].every((test) => test.result().state !== "failed")
  )
    counts.failed += 1;
}
