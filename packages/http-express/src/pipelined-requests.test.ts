import { describe, expect, it, vi } from "vitest";
import {
  areClosed,
  get,
  probe,
  serveGuarded,
  startGuarded,
  waiting,
} from "./testing/guarded-servers.js";
import { openConnection, parseResponse, readToEnd } from "./testing/raw-http.js";

describe("a client that sends many requests at once", () => {
  it("has one under way at a time, and all of its answers in order", async () => {
    let now = 0;
    let mostAtOnce = 0;
    let count = 0;
    const port = await serveGuarded((_, answer) => {
      mostAtOnce = Math.max(mostAtOnce, (now += 1));
      setImmediate(() => {
        now -= 1;
        answer(`answer ${(count += 1)}\n`);
      });
    });
    const most = 5_000;
    const socket = openConnection(port, get("/").repeat(most));
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    await vi.waitFor(() => expect(text).toContain(`answer ${most}\n`), waiting);
    expect(text.match(/(?<=answer )\d+/g)).toEqual(
      Array.from({ length: most }, (_, index) => String(index + 1)),
    );
    expect(mostAtOnce).toBe(1);
  });

  it("has one answered in each turn of the event loop, so that others have theirs", async () => {
    let turn = 0;
    const answeredIn = new Map<number, number>();
    let isOver = false;
    const count = (): void => {
      turn += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const port = await serveGuarded((_, answer) => {
      answeredIn.set(turn, (answeredIn.get(turn) ?? 0) + 1);
      answer("at once\n");
    });
    const most = 3_000;
    const socket = openConnection(port, get("/").repeat(most));
    let answers = 0;
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answers += chunk.match(/at once/g)?.length ?? 0;
    });
    await vi.waitFor(() => expect(answers).toBe(most), waiting);
    isOver = true;
    // The first of what is read at once begins in the turn of the last before it.
    expect(Math.max(...answeredIn.values())).toBeLessThanOrEqual(2);
  });

  it("is not read from until it has its answers", async () => {
    const { port, begun } = await startGuarded();
    const socket = openConnection(port, get("/health"));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const much = get("/health").repeat(2_000_000 / get("/health").length);
    let written = 0;
    const write = (): void => {
      while (written < 100_000_000 && socket.write(much)) written += much.length;
    };
    socket.on("drain", write);
    write();
    expect(await probe(port)).toBe(200);
    await vi.waitFor(() => expect(socket.writableNeedDrain).toBe(true), waiting);
    expect(written).toBeLessThan(100_000_000);
    expect(begun).toHaveLength(1);
  });

  it("is disconnected if thousands of requests of all clients wait, those with the most first", async () => {
    const { port, begun } = await startGuarded();
    const modest = openConnection(port, get("/health").repeat(3));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const greedy = Array.from({ length: 10 }, () =>
      openConnection(port, get("/health").repeat(2_000)),
    );
    await vi.waitFor(() => expect(areClosed(greedy)).toBeGreaterThan(5), waiting);
    expect(modest.destroyed).toBe(false);
    expect(await probe(port)).toBe(200);
  });

  it("and has said its last word gets all of its answers", async () => {
    const { port, begun } = await startGuarded();
    const socket = openConnection(port, get("/health").repeat(3));
    socket.end();
    const ended = readToEnd(socket);
    for (const index of [0, 1, 2]) {
      await vi.waitFor(() => expect(begun).toHaveLength(index + 1), waiting);
      begun[index]?.();
    }
    expect((await ended).match(/answer \d/g)).toEqual(["answer 0", "answer 1", "answer 2"]);
  });

  it("gets its running answer when the listener closes, and no other starts", async () => {
    const { port, begun, close } = await startGuarded({ closeTimeoutMs: 600_000 });
    const ended = readToEnd(openConnection(port, get("/health").repeat(3)));
    await vi.waitFor(() => expect(begun).toHaveLength(1), waiting);
    const closed = close();
    begun[0]?.();
    expect(parseResponse(await ended).body).toBe("answer 0");
    await closed;
    expect(begun).toHaveLength(1);
  });
});
