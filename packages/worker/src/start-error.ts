/** Why a worker or one of its commands failed, and what to do: a line for each problem. It contains no secret. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";
}
