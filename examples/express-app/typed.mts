import { createObservability } from "@tasker-observability/ffi-bridge";
import { createObservabilityRouter, type HttpOptions } from "@tasker-observability/http-express";
import express, { type Express } from "express";
import pg from "pg";

const observability = createObservability({ database: new pg.Pool() });
const options: HttpOptions = { groups: ["health", "metrics"], requestTimeoutMs: 5_000 };

/** An application with its own routes and, under `/internal`, health and metrics. */
export const app: Express = express().use(
  "/internal",
  createObservabilityRouter(observability.operations, options),
);

// @ts-expect-error There is no such group.
export const refused: HttpOptions = { groups: ["everything"] };
