import { type AccessPolicy, type Operations, type WorkerContext } from "@tasker-observability/core";
import {
  createSocketServer,
  type HeartbeatFile,
  assertHeartbeatUnused,
  assertHeartbeatWritable,
  type SocketServer,
  startHeartbeatFile,
} from "@tasker-observability/ffi-bridge";
import { settingNames } from "../options/setting-names.js";
import type { WorkerSettings } from "../options/worker-options.js";
import type { InProcessEventBus } from "../events/in-process-event-bus.js";
import { isReady } from "./is-ready.js";
import { WorkerStartError } from "../worker-start-error.js";

/** The transports besides HTTP for other processes: the socket and the heartbeat file. */
export interface OpenBridge {
  /** Idempotent. Never rejects. */
  close(): Promise<void>;
}

/** The socket and the heartbeat file of the worker's options. */
export type BridgeSettings = Pick<
  WorkerSettings,
  "loadedConfig" | "heartbeatFile" | "requestTimeoutMs" | "socketPath"
>;

export interface OpenBridgeOptions {
  readonly settings: BridgeSettings;
  readonly context: WorkerContext;
  readonly operations: Operations;
  readonly policy: AccessPolicy;
  readonly bus: InProcessEventBus;
  /** Aborts when the worker stops. */
  readonly signal: AbortSignal;
}

/**
 * Opens the socket and starts the heartbeat file, if the options name them.
 * @throws WorkerStartError if one cannot be opened or written, or if a running worker uses it.
 */
export async function openBridge(options: OpenBridgeOptions): Promise<OpenBridge> {
  await assertHeartbeatFile(options);
  const socket = await openSocket(options);
  const heartbeat = startHeartbeat(options);
  return {
    async close() {
      await heartbeat?.stop();
      await socket?.stop();
    },
  };
}

async function assertHeartbeatFile(options: OpenBridgeOptions): Promise<void> {
  const { settings, context, signal } = options;
  const path = settings.heartbeatFile;
  if (path === undefined) return;
  try {
    await assertHeartbeatWritable(path);
    await assertHeartbeatUnused(path, { clock: context.clock, signal });
  } catch (error) {
    const { heartbeatFile } = settingNames(settings);
    throw new WorkerStartError(`${heartbeatFile}: ${(error as Error).message}`, { cause: error });
  }
}

async function openSocket({
  settings,
  context,
  operations,
  policy,
  bus,
}: OpenBridgeOptions): Promise<SocketServer | null> {
  const path = settings.socketPath;
  if (path === undefined) return null;
  const events = {
    subscribe: (pattern: string, deliver: (event: unknown) => boolean) =>
      bus.subscribeChannel(pattern, deliver),
  };
  const server = createSocketServer({
    operations,
    path,
    policy,
    events,
    requestTimeoutMs: settings.requestTimeoutMs,
    logger: context.logger,
  });
  try {
    await server.start();
    return server;
  } catch (error) {
    throw new WorkerStartError(
      error instanceof Error ? error.message : "The socket could not be opened.",
      { cause: error },
    );
  }
}

function startHeartbeat({
  settings,
  context,
  operations,
}: OpenBridgeOptions): HeartbeatFile | null {
  const path = settings.heartbeatFile;
  if (path === undefined) return null;
  return startHeartbeatFile({
    context,
    path,
    ...(operations.health_ready === undefined ? {} : { ready: () => isReady(operations) }),
  });
}
