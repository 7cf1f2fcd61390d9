import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/**
 * Gives each test of a file a temporary folder of its own, as TMPDIR too, so that what is left in it is seen.
 * Every user may write to it: PostgreSQL does not run as root.
 */
export function useTemporaryFolder(): () => string {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "test-"));
    await chmod(folder, 0o777);
    vi.stubEnv("TMPDIR", folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  return () => folder;
}
