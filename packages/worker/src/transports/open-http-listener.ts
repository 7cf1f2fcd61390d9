import type { ObservabilityListener } from "@tasker-observability/http-express";
import { WorkerStartError } from "../worker-start-error.js";

/**
 * Opens the port.
 * @param portAdvice - which setting changes the port, and to what. @returns the URL; null if there is no listener.
 * @throws WorkerStartError that says what to do.
 */
export async function openHttpListener(
  listener: ObservabilityListener | null,
  address: { readonly host: string; readonly port: number },
  portAdvice: string,
): Promise<string | null> {
  try {
    return (await listener?.listen(address))?.url ?? null;
  } catch (error) {
    const advice = isInUse(error) ? "Stop the process that uses it, or set" : "Set";
    throw new WorkerStartError(
      `${error instanceof Error ? error.message : "The port could not be opened."} ${advice} ${portAdvice}.`,
      { cause: error },
    );
  }
}

function isInUse(error: unknown): boolean {
  return (
    error instanceof Error && (error.cause as { code?: unknown } | undefined)?.code === "EADDRINUSE"
  );
}
