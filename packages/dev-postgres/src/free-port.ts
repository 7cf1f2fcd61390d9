import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that Linux and macOS hand to outgoing connections: none of them can take ours while the server
 * restarts.
 */
const lowest = 20_000;
const highest = 32_767;

/**
 * Calls `use` with a loopback TCP port that was free a moment ago, and again with another if `wasTaken` says that the
 * error means a taken port; five times at most.
 */
export async function withFreePort<T>(
  use: (port: number) => Promise<T>,
  wasTaken: (error: unknown) => boolean,
): Promise<T> {
  for (let attemptsLeft = 4; ; attemptsLeft -= 1) {
    const port = await findFreePort();
    try {
      return await use(port);
    } catch (error) {
      if (attemptsLeft === 0 || !wasTaken(error)) throw error;
    }
  }
}

async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(lowest, highest + 1);
    if (await isFree(port)) return port;
  }
  throw new Error(`Found no free TCP port between ${lowest} and ${highest} on 127.0.0.1.`);
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    await once(probe.listen(port, "127.0.0.1"), "listening");
    await once(probe.close(), "close");
    return true;
  } catch {
    return false;
  }
}
