/** Why a worker does not start, and what to do: a line for each problem. It contains no secret. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";
}
