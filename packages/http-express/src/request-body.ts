import type { IncomingMessage } from "node:http";

/** No operation reads a body, so anything longer than a stray form is a mistake or an attack. */
const maxBodyBytes = 16 * 1_024;

/**
 * Whether the body is short enough to be ignored. One with a length is judged unread; one without is read until it
 * ends or is too long. Resolves to null where the caller went away first.
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
