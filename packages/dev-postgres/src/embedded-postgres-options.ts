import {
  clockOption,
  delayMs,
  functionOption,
  textOption,
  wholeNumberOption,
} from "@tasker-observability/core/options";
import * as z from "zod/mini";

export const embeddedPostgresOptionsSchema = z.strictObject({
  /** A folder that keeps the database between starts. @default a temporary one, removed on stop */
  directory: z.optional(textOption()),
  /** The TCP port on 127.0.0.1. @default a free one */
  port: z.optional(wholeNumberOption(1, 65_535)),
  /** Whether a commit survives a crash of the machine. @default true with `directory`, else false */
  durable: z.optional(z.boolean()),
  /** Settings of the server, as in postgresql.conf: `{ max_connections: "200" }`. @default {} */
  settings: z
    ._default(z.record(z.string(), z.string()), {})
    .check(z.meta({ type: "`Record<string, string>`" })),
  /** How long the server may take to accept connections, including recovery after a crash. @default 30000 */
  startTimeoutMs: z._default(delayMs(0), 30_000),
});
/** Options of {@link startEmbeddedPostgres}. */
export type EmbeddedPostgresOptions = z.input<typeof embeddedPostgresOptionsSchema>;
export type ResolvedEmbeddedPostgresOptions = z.output<typeof embeddedPostgresOptionsSchema>;

export const restartOptionsSchema = z.strictObject({
  clock: clockOption,
  /** The server ended unexpectedly; `log` has its last lines. */
  onEnd: functionOption<(log: string) => void>("(log) => void"),
  /** It runs again. */
  onRestart: functionOption<() => void>("() => void"),
  /** A start failed; `isLost` if there is no further attempt. */
  onFailure: functionOption<(error: unknown, isLost: boolean) => void>("(error, isLost) => void"),
});
/** What {@link startRestartingPostgres} calls back. */
export type RestartOptions = z.input<typeof restartOptionsSchema>;
