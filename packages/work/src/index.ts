export {
  type DeadLettersChange,
  type DeadLettersChangeParams,
  deadLettersChangeSchema,
  type DeadLettersList,
  type DeadLettersListParams,
  deadLettersListSchema,
} from "./schemas/dead-letters.js";
export { type FleetList, type FleetListParams, fleetListSchema } from "./schemas/fleet.js";
export { type QueuesList, queuesListSchema } from "./schemas/queues.js";
export {
  type RunningStepsList,
  type RunningStepsParams,
  runningStepsSchema,
} from "./schemas/running-steps.js";
export { type WorkerState, workerStateSchema } from "./schemas/worker-state.js";
export {
  createWorkOperations,
  type WorkCall,
  type WorkOperations,
  type WorkQueries,
} from "./work-operations.js";
export { createWorkService, type WorkService, type WorkServiceOptions } from "./work-service.js";
