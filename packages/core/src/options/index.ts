export {
  delayProblems,
  type GivenOptions,
  givenOptions,
  hasAll,
  loggerProblems,
  longestTimerMs,
  nameProblems,
  numberProblems,
  type NumberRange,
  refuseProblems,
  shapeProblems,
} from "./option-problems.js";
