export { maxTimerMs } from "../clock.js";
export { isListenHost, isLoopbackHost } from "./listen-host.js";
export {
  assertValid,
  kindOf,
  valueProblemOf,
  pathText,
  problemOf,
  takesOptions,
  textProblemOf,
  unknownOption,
} from "./option-messages.js";
export {
  clockOption,
  contextOption,
  delayMs,
  functionOption,
  type ObjectShape,
  loggerOption,
  numberOption,
  type NumberOptions,
  objectAsGiven,
  objectLike,
  policyOption,
  textOption,
  valueOption,
  wholeNumberOption,
} from "./option-types.js";
export { parseOptions, validateOptions } from "./parse-options.js";
