export { assertStored, NotStoredError } from "../assert-stored.js";
export { toEnqueueError } from "../enqueue-error.js";
export { enqueueOptionsSchema } from "../enqueue-options.js";
export { enqueueStatement } from "../enqueue-statement.js";
export {
  enqueuePayload,
  isRequestedSql,
  notifyRequestersSql,
  notifyLockClass,
} from "../notify-requesters.js";
export { parseStepMessage } from "../step-message.js";
