import { classifyFailure } from "@tasker-observability/core";
import pg from "pg";
import { WorkerStartError } from "../start-error.js";

/** The parameters of a URL that name files; the driver reads them whenever it makes a client. */
const fileParameters = ["sslrootcert", "sslcert", "sslkey"];

/**
 * Has the driver read a URL, if there is one, and the files that it names, before anybody waits for its server.
 * @param key - where the URL is configured.
 * @throws WorkerStartError that names what cannot be used, and holds nothing of the URL.
 */
export function assertUsableUrl(key: string, connectionString: string): void {
  try {
    new pg.Client({ connectionString });
  } catch (error) {
    const file = fileParameters.find((name) => isAbout(error, connectionString, name));
    throw new WorkerStartError(
      file === undefined
        ? `${key} cannot be used: ${error instanceof Error ? error.message : "unknown reason"}.`
        : `The file that ${file} of ${key} names cannot be read: ${classifyFailure(error)}.`,
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
