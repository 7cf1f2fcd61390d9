export { createWorker } from "./create-worker.js";
export type { EventHandler } from "./events/bounded-subscriber.js";
export type { DomainEvent, DomainEventMetadata } from "./events/domain-event.js";
export type { EventPublisher, PublisherInput } from "./events/step-events.js";
export { toWorkerOptions } from "./options/to-worker-options.js";
export type { CreateWorkerOptions } from "./options/worker-options.js";
export type {
  EnqueueOptions,
  EnqueueTransaction,
  StepToEnqueue,
} from "@tasker-observability/producer";
export { WorkerStartError } from "./worker-start-error.js";
export {
  PermanentStepError,
  type StepHandler,
  type StepHandlerContext,
  type StepHandlers,
  type StepInfo,
} from "./running/step-handler.js";
export type { Worker } from "./worker.js";
