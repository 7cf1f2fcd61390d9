/** Why a worker could not start: one line that says what to do. It holds no secret. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";
}
