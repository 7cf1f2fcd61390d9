import { open, type FileHandle } from "node:fs/promises";

const tailBytes = 4096;

/** The last lines of the server's log; empty if it cannot be read. */
export async function readLogTail(file: string): Promise<string> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, "r");
    const { size } = await handle.stat();
    const position = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(tailBytes), position });
    return buffer.toString("utf8", position === 0 ? 0 : firstCharacter(buffer), bytesRead).trim();
  } catch {
    return "";
  } finally {
    await handle?.close();
  }
}

/** Where the first whole character of UTF-8 begins. */
function firstCharacter(bytes: Uint8Array): number {
  return Math.max(
    0,
    bytes.findIndex((byte) => (byte & 0xc0) !== 0x80),
  );
}
