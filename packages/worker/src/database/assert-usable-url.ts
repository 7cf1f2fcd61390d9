import { classifyFailure } from "@tasker-observability/postgres";
import pg from "pg";
import { WorkerStartError } from "../worker-start-error.js";

/** The URL parameters that name files; the driver reads the files whenever it creates a client. */
const fileParameters = ["sslrootcert", "sslcert", "sslkey"];

/**
 * Lets the driver parse a URL and read the files that it names, before the worker waits for the server.
 * @param key - the setting that contains the URL.
 * @throws WorkerStartError that names what is wrong, without any part of the URL.
 */
export function assertUsableUrl(key: string, connectionString: string): void {
  try {
    new pg.Client({ connectionString });
  } catch (error) {
    const file = fileParameters.find((name) => isAbout(error, connectionString, name));
    throw new WorkerStartError(
      file === undefined
        ? `${key} cannot be used: ${error instanceof Error ? error.message : "unknown reason"}.`
        : `The file in ${file} of ${key} cannot be read: ${classifyFailure(error)}.`,
      { cause: error },
    );
  }
}

function isAbout(error: unknown, connectionString: string, parameter: string): boolean {
  return (
    error instanceof Error &&
    "path" in error &&
    error.path === new URL(connectionString, "postgres://base").searchParams.get(parameter)
  );
}
