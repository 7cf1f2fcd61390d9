import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dashboardFiles } from "@tasker-observability/dashboard";
import { createObservabilityListener } from "@tasker-observability/http-express";
import { onTestFinished } from "vitest";

/** What a path answers: a result, or a status with an error. */
type Answer = (query: URLSearchParams) => unknown;

export interface StandIn {
  readonly url: string;
  /** Answers by method and path; a test may change them. */
  readonly answers: Map<string, Answer>;
  /** Requests that came, by method and path, the last last. */
  readonly requests: { readonly line: string; readonly params: Readonly<Record<string, string>> }[];
  /** The most requests for one path that were under way at a time. */
  readonly mostAtOnce: () => number;
}

/** An error in the shape of the worker's. */
export class Refusal {
  readonly status: number;
  readonly body: object;

  constructor(status: number, error: string, message: string) {
    this.status = status;
    this.body = { error, message, timestamp: new Date().toISOString(), request_id: "stand-in" };
  }
}

/** A server that has the page, and answers what a test says. */
export async function startStandIn(
  answers: Readonly<Record<string, Answer>>,
  isWritable = true,
): Promise<StandIn> {
  const { handler } = createObservabilityListener({}, { dashboard: dashboardFiles });
  const all = new Map(Object.entries(answers));
  const requests: StandIn["requests"] = [];
  const underWay = new Map<string, number>();
  let most = 0;
  all.set("GET /", () => ({ key_header: null, endpoints: endpointsOf(all, isWritable) }));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://stand-in");
    const line = `${request.method ?? ""} ${pathname}`;
    if (
      pathname.startsWith("/assets/") ||
      request.headers.accept?.startsWith("text/html") === true
    ) {
      handler(request, response);
      return;
    }
    const now = 1 + (underWay.get(line) ?? 0);
    underWay.set(line, now);
    most = Math.max(most, now);
    requests.push({ line, params: Object.fromEntries(searchParams) });
    const result = await (all.get(line) ?? notInstalled)(searchParams);
    response.statusCode = result instanceof Refusal ? result.status : 200;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(result instanceof Refusal ? result.body : result));
    underWay.set(line, (underWay.get(line) ?? 1) - 1);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, answers: all, requests, mostAtOnce: () => most };
}

const notInstalled: Answer = () =>
  new Refusal(404, "service_not_installed", "Web state not available: not installed.");

const operations: Readonly<Record<string, string>> = {
  "POST /dead-letters/redrive": "dead_letters_redrive",
  "POST /dead-letters/purge": "dead_letters_purge",
  "POST /worker/pause": "worker_pause",
};

function endpointsOf(answers: ReadonlyMap<string, Answer>, isWritable: boolean) {
  return Object.entries(operations).map(([line, operation]) => {
    const [method, path] = line.split(" ");
    const enabled = isWritable && answers.has(line);
    return { method, path, operation, access: "write", enabled };
  });
}
