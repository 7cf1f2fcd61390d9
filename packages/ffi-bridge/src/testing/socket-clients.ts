import { createAccessPolicy } from "@tasker-observability/core";
import { onTestFinished } from "vitest";
import { connectObservability, type ConnectOptions } from "../socket-client.js";
import type { SocketServer } from "../socket-server.js";
import type { SocketServerOptions } from "../socket-server-options.js";
import type { EventSource } from "../socket/event-source.js";
import { serveSocket } from "./serve-socket.js";

/** A sample worker behind a socket whose clients may write, until the test ends. */
export async function serveWritable(
  path: string,
  options: Partial<SocketServerOptions> = {},
): Promise<SocketServer> {
  const policy = createAccessPolicy({ socketWrites: true });
  return (await serveSocket({ policy, ...options, path })).server;
}

/** A client that is closed when the test ends. */
export function connectTo(path: string, options?: ConnectOptions) {
  const client = connectObservability(path, options);
  onTestFinished(() => client.close());
  return client;
}

/** A source of events that a test publishes. */
export function createBus() {
  const channels = new Set<{ pattern: string; deliver: (event: unknown) => boolean }>();
  const outcomes: boolean[] = [];
  const events: EventSource = {
    subscribe(pattern, deliver) {
      if (!/^[\w.*]+$/.test(pattern)) throw new Error("no pattern");
      const channel = { pattern, deliver };
      channels.add(channel);
      return () => void channels.delete(channel);
    },
  };
  return {
    events,
    outcomes,
    subscribers: () => channels.size,
    publish: (event: unknown) => channels.forEach(({ deliver }) => outcomes.push(deliver(event))),
  };
}
