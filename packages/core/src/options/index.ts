export { longestTimerMs } from "../clock.js";
export { isListenHost } from "./listen-host.js";
export {
  clockProblems,
  delayProblems,
  type GivenOptions,
  givenOptions,
  hasAll,
  loggerProblems,
  nameProblems,
  numberProblems,
  type NumberRange,
  refuseProblems,
  shapeProblems,
} from "./option-problems.js";
