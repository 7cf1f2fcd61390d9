import type { IncomingMessage, ServerResponse } from "node:http";
import {
  answer,
  type Answer,
  type Awaitable,
  type CallOptions,
  isWrite,
  ObservabilityError,
  type OperationSource,
  toOperations,
} from "@tasker-observability/core";
import { anonymous, type Authenticator, wrongKey } from "./api-keys.js";
import { type CallLog, createCallLog } from "./call-log.js";
import { isCrossSite } from "./cross-site.js";
import { createDashboard, type Dashboard } from "./dashboard.js";
import { createEndpointLookup, type EndpointLookup, type Match } from "./endpoint-lookup.js";
import { createEndpoints, type Target } from "./endpoints.js";
import {
  type ParsedHttpOptions,
  type ResolvedHttpOptions,
  resolveHttpOptions,
} from "./http-options.js";
import { budgetWithin } from "./call-budget.js";
import {
  createErrorReply,
  createOptionsReply,
  createReply,
  type Exchange,
  type Send,
  withRequestId,
} from "./reply.js";
import type { HostCheck } from "./host-check.js";
import { fitsBodyLimit } from "./request-body.js";
import { requestIdOf } from "./request-id.js";
import { verdictStatus } from "./routes.js";
import { WrongKeyDelay } from "./wrong-key-delay.js";

/** What the router and the listener give the dispatcher. */
export interface DispatcherParts {
  readonly send: Send;
  readonly hosts: HostCheck;
  /** How many answers to wrong keys may wait at a time. */
  readonly maxWaiting: number;
}

/** Everything between a request and its reply, for the router and the listener. */
export class Dispatcher {
  readonly #options: ResolvedHttpOptions;
  readonly #endpoints: EndpointLookup;
  readonly #dashboard: Dashboard | null;
  readonly #hosts: HostCheck;
  readonly #callLog: CallLog;
  readonly #wrongKeys: WrongKeyDelay;
  readonly #send: Send;

  constructor(
    source: OperationSource,
    options: ParsedHttpOptions,
    { send, hosts, maxWaiting }: DispatcherParts,
  ) {
    const operations = toOperations(source);
    this.#options = resolveHttpOptions(operations, options);
    this.#hosts = hosts;
    this.#callLog = createCallLog(operations, this.#options);
    this.#wrongKeys = new WrongKeyDelay(this.#options.clock, maxWaiting);
    const endpoints = createEndpoints(operations, this.#options);
    this.#endpoints = createEndpointLookup(endpoints);
    this.#dashboard = createDashboard(options.dashboard, endpoints.get("/"));
    this.#send = send;
  }

  /** Answers a request whose path is known. @returns false, with nothing done, if it is not. */
  dispatch(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = "" } = request;
    const match = this.#endpoints.literal.get(url) ?? this.#endpoints.find(url);
    if (this.#sendFile(match, request, response)) return true;
    if (match === null) return false;
    const exchange = this.#begin(request, response);
    const target = match.endpoint.targets.get(request.method ?? "");
    if (target !== undefined) this.#answer(exchange, target, match);
    else this.#answerOtherMethod(exchange, match.endpoint.allow);
    return true;
  }

  /** Answers a request whose path is unknown. */
  rejectUnknown(request: IncomingMessage, response: ServerResponse): void {
    this.#fail(
      this.#begin(request, response),
      new ObservabilityError("ENDPOINT_NOT_FOUND", "This worker has no such endpoint."),
    );
  }

  /** @returns false, with nothing done, if the request is for no file of the page. */
  #sendFile(match: Match | null, request: IncomingMessage, response: ServerResponse): boolean {
    const reply = this.#dashboard?.replyTo(match, request) ?? null;
    if (reply === null) return false;
    const exchange = this.#begin(request, response);
    if (this.#hosts.allows(request.headers.host))
      this.#send(exchange, withRequestId(reply, exchange.requestId));
    else this.#fail(exchange, wrongHost());
    return true;
  }

  #begin(request: IncomingMessage, response: ServerResponse): Exchange {
    const requestId = requestIdOf(request, response, this.#options.makeRequestId);
    return { request, response, requestId };
  }

  #answerOtherMethod(exchange: Exchange, allow: string): void {
    if (exchange.request.method === "OPTIONS") {
      this.#send(exchange, createOptionsReply(allow, exchange.requestId));
      return;
    }
    this.#fail(
      exchange,
      new ObservabilityError("METHOD_NOT_ALLOWED", `This endpoint takes ${allow}.`),
      ["Allow", allow],
    );
  }

  #answer(exchange: Exchange, target: Target, match: Match): void {
    try {
      const answered = this.#call(exchange.request, target, match);
      if (answered instanceof Promise) void this.#replyWhenDone(exchange, target, answered);
      else this.#reply(exchange, target, answered);
    } catch (error) {
      this.#failCall(exchange, target, ObservabilityError.from(error));
    }
  }

  async #replyWhenDone(
    exchange: Exchange,
    target: Target,
    answering: Promise<Answer>,
  ): Promise<void> {
    try {
      this.#reply(exchange, target, await answering);
    } catch (error) {
      this.#failCall(exchange, target, ObservabilityError.from(error));
    }
  }

  #reply(exchange: Exchange, target: Target, { verdict, mediaType, body }: Answer): void {
    const status = verdictStatus[verdict];
    if (isWrite(target.operation)) this.#callLog.record(exchange, target, status);
    this.#send(exchange, createReply(status, mediaType, body, exchange.requestId));
  }

  #call(request: IncomingMessage, target: Target, match: Match): Awaitable<Answer> {
    if (this.#hosts.isRestricting && !this.#hosts.allows(request.headers.host)) throw wrongHost();
    if (isWrite(target.operation) && isCrossSite(request)) throw crossSiteWrite();
    const { "transfer-encoding": encoding, "content-length": length = "0" } = request.headers;
    if (encoding === undefined && length === "0")
      return this.#callWithoutBody(request, target, match);
    return fitsBodyLimit(request).then((fits) => {
      if (!fits) throw tooLarge();
      return this.#callWithoutBody(request, target, match);
    });
  }

  #callWithoutBody(
    request: IncomingMessage,
    target: Target,
    { segments, query }: Match,
  ): Awaitable<Answer> {
    const { operation, decodeParams } = target;
    const { policy, authenticator } = this.#options;
    const params = decodeParams === null ? undefined : () => decodeParams(segments, query, request);
    return answer(
      operation,
      params,
      authenticator === null ? anonymous : authenticator.callerOf(request),
      this.#callOptions(target, request),
      policy,
    );
  }

  #callOptions(
    { callOptions, chooseMediaType, deadlineHeader }: Target,
    { headers }: IncomingMessage,
  ): CallOptions {
    if (chooseMediaType === null && deadlineHeader === null) return callOptions;
    return {
      budgetMs:
        deadlineHeader === null
          ? callOptions.budgetMs
          : budgetWithin(headers[deadlineHeader], this.#options.requestTimeoutMs),
      mediaType: chooseMediaType === null ? callOptions.mediaType : chooseMediaType(headers.accept),
    };
  }

  #failCall(exchange: Exchange, target: Target, error: ObservabilityError): void {
    const { authenticator } = this.#options;
    this.#callLog.record(exchange, target, error);
    if (error.code === "INTERNAL" || error.code === "TIMEOUT") {
      const { name, context } = target.operation;
      // The request id in the answer is useful only if the log has it too.
      const fields = { request_id: exchange.requestId, operation: name, error: error.code };
      context.logger("warn", "request failed", fields);
    }
    if (error.code === "UNAUTHORIZED" && authenticator !== null)
      this.#failUnauthorized(exchange, error, authenticator);
    else if (error.code === "PAYLOAD_TOO_LARGE")
      this.#fail(exchange, error, ["Connection", "close"]);
    else this.#fail(exchange, error);
  }

  #failUnauthorized(
    exchange: Exchange,
    error: ObservabilityError,
    { challenge, callerOf }: Authenticator,
  ): void {
    const headers = ["WWW-Authenticate", challenge];
    if (callerOf(exchange.request) !== wrongKey) this.#fail(exchange, error, headers);
    else
      this.#wrongKeys.delay(exchange.response, ({ closes }) => {
        this.#fail(exchange, error, closes ? [...headers, "Connection", "close"] : headers);
      });
  }

  #fail(exchange: Exchange, error: ObservabilityError, extra?: readonly string[]): void {
    try {
      this.#send(
        exchange,
        createErrorReply(error, exchange.requestId, this.#options.clock.wallMs(), extra),
      );
    } catch {
      // The error cannot be sent either, for example because the application's request id is no valid header.
      exchange.response.destroy();
    }
  }
}

function wrongHost(): ObservabilityError {
  return new ObservabilityError(
    "FORBIDDEN",
    "The Host header does not name this worker: use localhost or an IP address of this machine, or add the name to the allowed hosts.",
  );
}

function crossSiteWrite(): ObservabilityError {
  return new ObservabilityError(
    "FORBIDDEN",
    "A page of another site cannot call a write operation.",
  );
}

function tooLarge(): ObservabilityError {
  return new ObservabilityError("PAYLOAD_TOO_LARGE", "Endpoints take no body: send none.");
}
