import { open, type FileHandle } from "node:fs/promises";

const tailBytes = 4096;

/** The last lines of the server's log; empty where it cannot be read. */
export async function readLogTail(file: string): Promise<string> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, "r");
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(tailBytes),
      0,
      tailBytes,
      Math.max(0, size - tailBytes),
    );
    return buffer.toString("utf8", 0, bytesRead).trim();
  } catch {
    return "";
  } finally {
    await handle?.close();
  }
}
