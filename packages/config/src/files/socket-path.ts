/**
 * The most bytes that the path of a Unix socket may have on this system: the size of `sockaddr_un`. Node silently cuts
 * off the rest.
 */
export const longestSocketPathBytes = process.platform === "linux" ? 107 : 103;

/** The problem of a Unix socket's path, whatever it points to; null if there is none. */
export function problemOfSocketPath(path: unknown): string | null {
  if (typeof path !== "string" || path === "") return "The socket needs a path.";
  if (path.includes("\0")) return "The path of a Unix socket must not contain a NUL character.";
  const bytes = Buffer.byteLength(path);
  return bytes > longestSocketPathBytes
    ? `The path of a Unix socket must have at most ${longestSocketPathBytes} bytes; ${path} has ${bytes}.`
    : null;
}
