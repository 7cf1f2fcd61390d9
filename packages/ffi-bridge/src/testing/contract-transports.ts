import { type AccessPolicy, ObservabilityError, type Operations } from "@tasker-observability/core";
import { expect, onTestFinished } from "vitest";
import { createBridgeFunctions } from "../functions.js";
import { createFacade } from "../facade.js";
import type { ObservabilityMethods } from "../observability-methods.js";
import { connectObservability } from "../socket-client.js";
import type { Call } from "./contract-calls.js";
import { openRaw } from "./raw-socket.js";
import { serveOnListener, serveOnRouter, serveOnSocket } from "./serve-transports.js";

/** What came out of a call, as bytes; an error as every transport tells it. */
export interface Outcome {
  readonly body?: string;
  readonly error?: string;
  readonly message?: string;
}

/** Asks one worker by one transport. */
export type Ask = (call: Call) => Promise<Outcome>;

/** A way to ask; what it opens is closed when the test ends. */
export interface Transport {
  readonly name: string;
  readonly isHttp: boolean;
  /** @param policy - @default everything is allowed */
  readonly open: (operations: Operations, policy?: AccessPolicy) => Promise<Ask>;
}

/** Where the clock of the samples stands. */
const frozenTime = "2025-01-01T00:00:00.000Z";

export const transports: readonly Transport[] = [
  {
    name: "the facade",
    isHttp: false,
    open: async (operations) => askFacade(createFacade({ operations })),
  },
  {
    name: "the socket",
    isHttp: false,
    open: async (...served) => askSocket(await serveOnSocket(...served)),
  },
  {
    name: "the facade of another process",
    isHttp: false,
    open: async (...served) => askRemoteFacade(await serveOnSocket(...served)),
  },
  {
    name: "the listener",
    isHttp: true,
    open: async (...served) => askHttp(await serveOnListener(...served), frozenTime),
  },
  {
    name: "the router",
    isHttp: true,
    open: async (...served) => askHttp(await serveOnRouter(...served), frozenTime),
  },
];

export function askFunctions(operations: Operations): Ask {
  const functions = createBridgeFunctions(operations) as Readonly<
    Record<string, (params?: unknown) => Promise<string>>
  >;
  return ({ operation, params }) =>
    functions[operation]!(params).then((body) => ({ body }), toOutcome);
}

export function askFacade(facade: ObservabilityMethods): Ask {
  return (call) =>
    call
      .facade(facade)
      .then(
        (result) => ({ body: typeof result === "string" ? result : JSON.stringify(result) }),
        toOutcome,
      );
}

export function askRemoteFacade(path: string): Ask {
  const client = connectObservability(path);
  onTestFinished(() => client.close());
  return askFacade(client);
}

/** Reads the bytes of the result out of the frame, so that nothing parses and writes them anew. */
export function askSocket(path: string): Ask {
  return async ({ operation, params }) => {
    const client = await openRaw(path);
    client.send({ jsonrpc: "2.0", id: 1, method: operation, params });
    const { result, error } = await client.answer(1);
    if ("error" in client.frames[0]!) return { error: error.data.error, message: error.message };
    const raw = client.lines[0]!.slice('{"jsonrpc":"2.0","id":1,"result":'.length, -1);
    return { body: typeof result === "string" ? result : raw };
  };
}

/**
 * @param url - where the operations are mounted, without a trailing slash.
 * @param timestamp - what errors are to carry.
 */
export function askHttp(url: string, timestamp: unknown): Ask {
  return async ({ http }) => {
    const [method, path] = http!;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "x-request-id": "request-1" },
    });
    const body = await response.text();
    if (!body.startsWith('{"error"')) return { body };
    const { error, message, ...rest } = JSON.parse(body) as { error: string; message: string };
    expect(rest).toEqual({ timestamp, request_id: "request-1" });
    return { error, message };
  };
}

/** @param timestamp - what errors are to carry. @default where the samples' clock stands */
export async function openRouter(
  operations: Operations,
  timestamp: unknown = frozenTime,
): Promise<Ask> {
  return askHttp(await serveOnRouter(operations), timestamp);
}

function toOutcome(error: unknown): Outcome {
  if (!ObservabilityError.isInstance(error)) throw error;
  return { error: error.code.toLowerCase(), message: error.message };
}
