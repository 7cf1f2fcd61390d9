/**
 * The most bytes that the path of a Unix socket may have on this system: what `sockaddr_un` has room for.
 * Node cuts off the rest without a word.
 */
export const longestSocketPathBytes = process.platform === "linux" ? 107 : 103;

/** What is wrong with the path of a Unix socket, wherever it leads; null if nothing is. */
export function problemOfSocketPath(path: unknown): string | null {
  if (typeof path !== "string" || path === "") return "The socket needs a path.";
  if (path.includes("\0")) return "The path of a Unix socket must not contain a NUL character.";
  const bytes = Buffer.byteLength(path);
  return bytes > longestSocketPathBytes
    ? `The path of a Unix socket must have at most ${longestSocketPathBytes} bytes; ${path} has ${bytes}.`
    : null;
}
