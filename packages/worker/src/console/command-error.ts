/** Why a command failed, and what to do: a line for each problem. It contains no secret. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
