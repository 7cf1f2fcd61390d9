import { statfs } from "node:fs/promises";
import { parseOptions, textOption } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { amountOption } from "../checks/check.js";
import { type CustomCheck, readyMadeSettings } from "../checks/custom-check.js";
import { formatBytes } from "./format-bytes.js";

const diskSpaceCheckOptions = z.strictObject({
  /** A file or folder of the file system to check. No answer contains it. */
  path: textOption("the path of a file or folder", (path) => path !== ""),
  /** Degraded with fewer free bytes. @default 1 GiB */
  degradedBelowBytes: z._default(amountOption("bytes"), 2 ** 30),
  /** Unhealthy with fewer free bytes. @default 100 MiB */
  unhealthyBelowBytes: z._default(amountOption("bytes"), 100 * 2 ** 20),
  ...readyMadeSettings("disk_space"),
});
/** Options of {@link diskSpaceCheck}. */
export type DiskSpaceCheckOptions = z.input<typeof diskSpaceCheckOptions>;

/**
 * Checks how much of a file system is free for this process.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function diskSpaceCheck(options: DiskSpaceCheckOptions): CustomCheck {
  const { path, degradedBelowBytes, unhealthyBelowBytes, ...settings } = parseOptions(
    "diskSpaceCheck",
    diskSpaceCheckOptions,
    options,
  );
  return {
    ...settings,
    async run() {
      const { bavail, blocks, bsize } = await statfs(path);
      const free = bavail * bsize;
      const message = `${formatBytes(free)} of ${formatBytes(blocks * bsize)} free`;
      if (free < unhealthyBelowBytes) return { status: "unhealthy", message };
      return { status: free < degradedBelowBytes ? "degraded" : "healthy", message };
    },
  };
}
