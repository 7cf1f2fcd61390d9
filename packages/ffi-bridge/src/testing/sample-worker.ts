import { fileURLToPath } from "node:url";
import {
  createWorkerContext,
  type HealthStatus,
  type Logger,
  type Ports,
  type WorkerContext,
} from "@tasker-observability/core";
import { resolveConfig } from "@tasker-observability/config";
import { createFakeClock, type FakeClock } from "@tasker-observability/testkit";
import {
  createHandlers,
  createYamlFolderSource,
  type TemplateSource,
} from "@tasker-observability/templates";
import { createObservability } from "../observability.js";
import type { ObservabilityMethods, FacadeBase } from "../observability-methods.js";
import { eventCounts } from "./event-counts.js";
import { workPorts } from "./work-ports.js";

/** Real services over ports that a test turns; its clock stands still. */
export interface SampleWorker {
  readonly clock: FakeClock;
  readonly context: WorkerContext;
  readonly observability: ObservabilityMethods & FacadeBase;
  database: HealthStatus;
  /** Whether the folder of templates can be read. */
  sourceFails: boolean;
}

/** What a test may leave out. */
export interface SampleOptions {
  readonly logger?: Logger | undefined;
  readonly domainEvents?: boolean | undefined;
  readonly lifecycle?: "created" | "starting" | "running" | "draining" | "stopped" | undefined;
}

const folder = fileURLToPath(new URL("./templates", import.meta.url));

/** Two of these are equal to the byte in all that they answer. */
export function createSampleWorker(options: SampleOptions = {}): SampleWorker {
  const clock = createFakeClock();
  const turn: { database: HealthStatus; sourceFails: boolean } = {
    database: "healthy",
    sourceFails: false,
  };
  const context = createWorkerContext({
    workerId: "sample-1",
    version: "1.2.3",
    environment: "test",
    namespaces: ["payments"],
    capabilities: ["steps"],
    clock,
    lifecycle: options.lifecycle,
    logger: options.logger,
    ports: createPorts(turn, options.domainEvents ?? true),
  });
  const source = failing(createYamlFolderSource({ patterns: "*.yaml", cwd: folder, clock }), turn);
  const config = resolveConfig(
    {
      common: { database: { url: "postgres://app:hunter2hunter2@db.internal/app" } },
      worker: { worker_id: "sample-1" },
    },
    { env: {}, environment: "test" },
  );
  const observability = createObservability({
    context,
    templates: { source, handlers: createHandlers(["Payments::ChargeCard"]) },
    config,
    metrics: {},
  });
  return Object.assign(turn, { clock, context, observability });
}

function createPorts(
  turn: { readonly database: HealthStatus },
  domainEvents: boolean,
): Partial<Ports> {
  const ping = async (): Promise<void> => {
    if (turn.database === "unhealthy")
      throw Object.assign(new Error("connect ECONNREFUSED db.internal:5432"), {
        code: "ECONNREFUSED",
      });
  };
  return {
    database: { ping, pool: () => ({ size: 4, idle: 3, waiting: 0, max: 10 }) },
    ...workPorts,
    circuitBreakers: { states: () => [{ name: "gateway", state: "closed" }] },
    ...(domainEvents ? { domainEvents: { statistics: () => eventCounts } } : {}),
  };
}

function failing(source: TemplateSource, turn: { readonly sourceFails: boolean }): TemplateSource {
  const refuse = (): void => {
    if (turn.sourceFails)
      throw Object.assign(new Error("EACCES: permission denied, scandir '/srv/templates'"), {
        code: "EACCES",
      });
  };
  return {
    async find(identity, signal) {
      refuse();
      return source.find(identity, signal);
    },
    async refetch(identity, signal) {
      refuse();
      return source.refetch(identity, signal);
    },
    async list(query, signal) {
      refuse();
      return source.list(query, signal);
    },
    namespaces: (signal) => source.namespaces(signal),
  };
}
