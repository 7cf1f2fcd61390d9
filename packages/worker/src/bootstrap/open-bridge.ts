import {
  type AccessPolicy,
  inProcess,
  invoke,
  type Operation,
  type Operations,
  type WorkerContext,
} from "@tasker-observability/core";
import type { Settings } from "@tasker-observability/config";
import {
  createSocketServer,
  type HeartbeatFile,
  refuseHeartbeatInUse,
  refuseHeartbeatPlace,
  type SocketServer,
  startHeartbeatFile,
} from "@tasker-observability/ffi-bridge";
import type { InProcessEventBus } from "../events/in-process-event-bus.js";
import { WorkerStartError } from "../start-error.js";

/** The ways to ask a worker without HTTP, from other processes. */
export interface OpenBridge {
  /** May be called again. Never rejects. */
  close(): Promise<void>;
}

export interface OpenBridgeOptions {
  readonly settings: Settings["worker"];
  readonly context: WorkerContext;
  readonly operations: Operations;
  readonly policy: AccessPolicy;
  readonly bus: InProcessEventBus;
  /** Says that the worker is to stop. */
  readonly signal: AbortSignal;
}

/** Opens the socket and begins the heartbeat file, as `[worker.bridge]` says. @throws WorkerStartError where the socket cannot be opened, the file not be written, or a running worker has either. */
export async function openBridge(options: OpenBridgeOptions): Promise<OpenBridge> {
  await refuseWrongHeartbeat(options);
  const socket = await openSocket(options);
  const heartbeat = startHeartbeat(options);
  return {
    async close() {
      await heartbeat?.stop();
      await socket?.stop();
    },
  };
}

async function refuseWrongHeartbeat(options: OpenBridgeOptions): Promise<void> {
  const { settings, context, signal } = options;
  const path = settings.bridge.heartbeat_file;
  if (path === "") return;
  try {
    await refuseHeartbeatPlace(path);
    await refuseHeartbeatInUse(path, { clock: context.clock, signal });
  } catch (error) {
    throw new WorkerStartError(`worker.bridge.heartbeat_file: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function openSocket({
  settings,
  context,
  operations,
  policy,
  bus,
}: OpenBridgeOptions): Promise<SocketServer | null> {
  const path = settings.bridge.socket_path;
  if (path === "") return null;
  const events = {
    subscribe: (pattern: string, deliver: (event: unknown) => boolean) =>
      bus.subscribeChannel(pattern, deliver),
  };
  const server = createSocketServer({
    operations,
    path,
    policy,
    events,
    requestTimeoutMs: settings.web.request_timeout_ms,
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
  const path = settings.bridge.heartbeat_file;
  const { health_ready: operation } = operations;
  if (path === "") return null;
  return startHeartbeatFile({
    context,
    path,
    ...(operation === undefined ? {} : { ready: () => isReady(operation) }),
  });
}

async function isReady(operation: Operation): Promise<boolean> {
  try {
    return operation.verdict?.(await invoke(operation, {}, inProcess)) === "ok";
  } catch {
    return false;
  }
}
