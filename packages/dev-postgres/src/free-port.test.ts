import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { withFreePort } from "./free-port.js";

const taken = new Error("taken");
const wasTaken = (error: unknown): boolean => error === taken;

it("hands over a port that can be listened on, outside the ranges of outgoing connections", async () => {
  const port = await withFreePort(async (free) => {
    const server = createServer();
    await once(server.listen(free, "127.0.0.1"), "listening");
    await once(server.close(), "close");
    return free;
  }, wasTaken);
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_768);
});

it("tries another port if the port was taken meanwhile", async () => {
  const ports: number[] = [];
  const answer = await withFreePort(async (port) => {
    if (ports.push(port) < 3) throw taken;
    return "started";
  }, wasTaken);
  expect([answer, ports.length]).toEqual(["started", 3]);
});

it("gives up after five ports, and at once on any other error", async () => {
  let calls = 0;
  const failWith = (error: Error) => async () => {
    calls += 1;
    throw error;
  };
  await expect(withFreePort(failWith(taken), wasTaken)).rejects.toThrow("taken");
  expect(calls).toBe(5);
  await expect(withFreePort(failWith(new Error("broken")), wasTaken)).rejects.toThrow("broken");
  expect(calls).toBe(6);
});
