export { NotStoredError } from "./assert-stored.js";
export { EnqueueError, type EnqueueFailure } from "./enqueue-error.js";
export type { EnqueueOptions, EnqueueTransaction } from "./enqueue-options.js";
export { type StepMessage, stepMessageSchema } from "./step-message.js";
export {
  createStepProducer,
  type EnqueuedStep,
  type StepProducer,
  type StepProducerOptions,
} from "./step-producer.js";
export type { StepToEnqueue } from "./step-to-enqueue.js";
