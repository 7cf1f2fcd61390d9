import type { IncomingMessage } from "node:http";

/** No operation reads a body: a longer one is a mistake or an attack. */
const maxBodyBytes = 16 * 1_024;

/**
 * Whether the body is short enough to be ignored. A body with a length is not read; one without is read until it
 * ends or is too long. Resolves to null if the caller disconnects first.
 */
export async function fitsBodyLimit(request: IncomingMessage): Promise<boolean | null> {
  const length = request.headers["content-length"];
  if (length !== undefined) return Number(length) <= maxBodyBytes;
  if (request.readableEnded) return true;
  if (request.destroyed) return null;
  return new Promise((resolve) => {
    let bytes = 0;
    const count = (chunk: Uint8Array): void => {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) settle(false);
    };
    const settle = (fits: boolean | null): void => {
      request.off("data", count).pause();
      resolve(fits);
    };
    request
      .on("data", count)
      .once("end", () => settle(true))
      .once("close", () => settle(null))
      .once("error", () => settle(null));
  });
}
