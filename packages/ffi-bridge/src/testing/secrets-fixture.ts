import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type LoadedConfig,
  createConfigService,
  resolveConfig,
} from "@tasker-observability/config";
import { createWorkerContext, type Ports } from "@tasker-observability/core";
import {
  createHandlers,
  createYamlFolderSource,
  type TemplateSource,
} from "@tasker-observability/templates";
import { onTestFinished } from "vitest";
import { createObservability } from "../observability.js";
import type { FacadeBase, ObservabilityMethods } from "../observability-methods.js";
import { eventCounts } from "./event-counts.js";

/** Something that a test hides a text in. */
export type Sections = Readonly<Record<string, unknown>>;

/** A worker whose configuration, template, check and errors a test inserts things in, as often as it likes. */
export interface SecretsFixture {
  readonly observability: ObservabilityMethods & FacadeBase;
  /** What was logged, with all that a logger could read of it. */
  readonly log: unknown[];
  /** @param template - laid over a template of one step. */
  readonly insert: (sections: {
    readonly config: Sections;
    readonly template: Sections;
    readonly message: string;
  }) => Promise<void>;
  /** Every port, source and check fails with it, until null. */
  readonly failWith: (error: Error | null) => void;
}

export const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

export async function createSecretsFixture(): Promise<SecretsFixture> {
  const folder = await mkdtemp(join(tmpdir(), "hidden-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const log: unknown[] = [];
  const now: { config: LoadedConfig; message: string; error: Error | null } = {
    config: resolve({}),
    message: "",
    error: null,
  };
  const orFail = <T>(value: () => T): T => {
    if (now.error !== null) throw now.error;
    return value();
  };
  const context = createWorkerContext({
    workerId: "hidden-1",
    environment: "test",
    namespaces: ["payments"],
    ports: createPorts(orFail),
    logger: (...line) => void log.push(line),
  });
  const observability = createObservability({
    context,
    health: {
      cacheTtlMs: 0,
      checks: [
        {
          name: "gateway",
          run: async () => orFail(() => ({ status: "degraded", message: now.message }) as const),
        },
      ],
    },
    metrics: {},
    templates: {
      source: failing(createYamlFolderSource({ patterns: "*.yaml", cwd: folder }), orFail),
      handlers: createHandlers(["Charge"]),
    },
    config: createConfigService({
      context,
      config: {
        environment: "test",
        settings: now.config.settings,
        origins: now.config.origins,
        redacted: () => orFail(() => now.config.redacted()),
      },
    }),
  });
  onTestFinished(() => observability.close());
  const insert: SecretsFixture["insert"] = async ({ config, template, message }) => {
    Object.assign(now, { config: resolve(config), message });
    await writeTemplate(folder, template);
    await observability.templateRefresh(charge);
  };
  return { observability, log, insert, failWith: (error) => void (now.error = error) };
}

function writeTemplate(folder: string, sections: Sections): Promise<void> {
  const template = {
    name: "charge",
    namespace_name: "payments",
    version: "1.0.0",
    steps: [{ name: "a", handler: { callable: "Charge" } }],
    ...sections,
  };
  // JSON is YAML too.
  return writeFile(join(folder, "charge.yaml"), JSON.stringify(template));
}

function resolve(worker: Sections): LoadedConfig {
  return resolveConfig(
    { worker: { worker_id: "hidden-1", hidden: worker } },
    { env: {}, environment: "test" },
  );
}

type OrFail = <T>(value: () => T) => T;

function createPorts(orFail: OrFail): Partial<Ports> {
  return {
    database: {
      ping: async () => orFail(() => undefined),
      pool: () => ({ size: 1, idle: 1, waiting: 0, max: 1 }),
    },
    queues: { statistics: async () => orFail(() => []) },
    channels: { levels: () => orFail(() => []) },
    circuitBreakers: { states: () => orFail(() => []) },
    commandProcessor: {
      state: () => orFail(() => "running" as const),
      heartbeat: null,
      slots: () => null,
    },
    eventSystem: { listener: () => orFail(() => "connected" as const), poller: () => "alive" },
    domainEvents: { statistics: () => orFail(() => eventCounts) },
  };
}

function failing(source: TemplateSource, orFail: OrFail): TemplateSource {
  return {
    find: async (identity, signal) => orFail(() => source.find(identity, signal)),
    refetch: async (identity, signal) => orFail(() => source.refetch(identity, signal)),
    list: async (query, signal) => orFail(() => source.list(query, signal)),
    namespaces: async (signal) => orFail(() => source.namespaces(signal)),
  };
}
