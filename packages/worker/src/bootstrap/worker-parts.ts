import type { AccessPolicy, WorkerContext } from "@tasker-observability/core";
import type { FleetStore } from "@tasker-observability/fleet";
import type { ObservabilityListener } from "@tasker-observability/http-express";
import type { InProcessEventBus } from "../events/in-process-event-bus.js";
import type { StepEngine } from "../engine/step-engine.js";
import type { WorkerSettings } from "../options/worker-options.js";
import type { NamespaceQueues } from "../queues/step-queues.js";
import type { WorkerServices } from "./create-services.js";
import type { DeferredDatabase } from "../database/deferred-database.js";
import type { TemplateWarnings } from "../templates/template-warnings.js";

/** The parts of a worker. */
export interface WorkerParts {
  readonly settings: WorkerSettings;
  readonly context: WorkerContext;
  readonly database: DeferredDatabase;
  readonly engine: StepEngine;
  /** Absent: the worker is not in a fleet. */
  readonly fleet: FleetStore | undefined;
  readonly services: WorkerServices;
  readonly policy: AccessPolicy;
  /** Null if HTTP is disabled. */
  readonly httpListener: ObservabilityListener | null;
  readonly queues: readonly NamespaceQueues[];
  readonly bus: InProcessEventBus;
  readonly templateWarnings: TemplateWarnings;
  /** Stops watching the worker's own template files. */
  readonly closeTemplates: () => void;
}
