import { inspect } from "node:util";
import { catalogue, type OperationName, type Operations } from "@tasker-observability/core";
import { routes } from "@tasker-observability/http-express";
import { createFacade } from "../facade.js";
import { createBridgeFunctions } from "../functions.js";
import { openRaw } from "./raw-socket.js";
import { serveOnListener, serveOnRouter, serveOnSocket } from "./serve-transports.js";

export type Params = Readonly<Record<string, string>>;

/** One way to ask a worker, open for many questions. */
export interface OpenTransport {
  readonly name: string;
  /** All that leaves the worker for a call, be it a result or an error; null if this way has no such question. */
  readonly call: (operation: OperationName, params?: Params) => Promise<string | null>;
}

/** Every way there is to the same operations; they close when the test ends. */
export async function openTransports(operations: Operations): Promise<readonly OpenTransport[]> {
  return [
    functionsOf(operations),
    facadeOf(operations),
    await openSocket(operations),
    { name: "the listener", call: callHttp(await serveOnListener(operations)) },
    { name: "the router", call: callHttp(await serveOnRouter(operations)) },
  ];
}

function functionsOf(operations: Operations): OpenTransport {
  const functions = createBridgeFunctions(operations) as Readonly<
    Record<string, (params?: unknown) => Promise<string>>
  >;
  return {
    name: "the functions",
    call: (operation, params) => functions[operation]!(params).catch(everythingOf),
  };
}

function facadeOf(operations: Operations): OpenTransport {
  const facade = createFacade({ operations }) as unknown as Readonly<
    Record<string, (params?: unknown) => Promise<unknown>>
  >;
  return {
    name: "the facade",
    call: (operation, params) =>
      facade[catalogue[operation].facade]!(params).then(JSON.stringify, everythingOf),
  };
}

async function openSocket(operations: Operations): Promise<OpenTransport> {
  const client = await openRaw(await serveOnSocket(operations));
  let id = 0;
  const call = async (method: OperationName, params?: Params): Promise<string> => {
    const mine = (id += 1);
    client.send({ jsonrpc: "2.0", id: mine, method, params });
    return client.lines[client.frames.indexOf(await client.answer(mine))]!;
  };
  return { name: "the socket", call };
}

function callHttp(url: string): OpenTransport["call"] {
  return async (operation, params = {}) => {
    const route = routes.find((candidate) => candidate.operation === operation);
    if (route === undefined) return null;
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params[name] ?? ""),
    );
    const response = await fetch(url + path, { method: route.method });
    return `${response.status} ${JSON.stringify([...response.headers])}\n${await response.text()}`;
  };
}

/** What an application could read off an error that it was given. */
function everythingOf(error: unknown): string {
  return inspect(error, { depth: null, showHidden: true });
}
