import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Logger } from "@tasker-observability/core";
import { createFakeClock, waitFor } from "@tasker-observability/testkit";
import { describe, expect, it, vi } from "vitest";
import { leaveStaleFile, openRaw, socketPath } from "../testing/raw-socket.js";
import { expectAnswer, rpc, serveSocket } from "../testing/serve-socket.js";

describe("a socket's file that somebody took away", () => {
  async function serveWatched() {
    const clock = createFakeClock();
    const logger = vi.fn<Logger>();
    const folder = join(dirname(await socketPath()), "run");
    mkdirSync(folder, { mode: 0o750 });
    const { path, server } = await serveSocket({ path: join(folder, "s.sock"), clock, logger });
    const answers = (): Promise<void> => expectAnswer(path);
    /** The next check of the file is due when the one before has ended. */
    const check = async (): Promise<void> => {
      await clock.advance(5_000);
      await waitFor(() => clock.pendingTimers() === 1, { what: "the next turn" });
    };
    const said = () => logger.mock.calls.map(([level, message]) => `${level} ${message}`);
    return { path, folder, server, clock, answers, check, said };
  }
  const madeAgain = "warn the socket file had been deleted, and was created again";
  const cannotBe =
    "error the socket file was deleted and cannot be created again: no client can reach the worker there";

  it("is made again, for its owner alone, and the log says so once", async () => {
    const { path, server, answers, check, said } = await serveWatched();
    await check();
    expect(said()).toEqual([]);
    const before = await openRaw(path);
    unlinkSync(path);
    await check();
    await answers();
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    before.send(rpc(7, "health_basic"));
    expect((await before.answer(7)).result.status).toBe("healthy");
    await check();
    expect(said()).toEqual([madeAgain]);
    await server.stop();
    expect(existsSync(path)).toBe(false);
  });

  it("is made again with its folder, which gets the mode that it had", async () => {
    const { folder, answers, check, said } = await serveWatched();
    rmSync(folder, { recursive: true });
    await check();
    await answers();
    expect(lstatSync(folder).mode & 0o777).toBe(0o750);
    expect(said()).toEqual([madeAgain]);
  });

  it("leaves what is in its place there, says so once, and is made again when that has gone", async () => {
    const { path, answers, check, said, server } = await serveWatched();
    unlinkSync(path);
    writeFileSync(path, "precious");
    await check();
    await check();
    expect(readFileSync(path, "utf8")).toBe("precious");
    expect(said()).toEqual([cannotBe]);
    unlinkSync(path);
    await leaveStaleFile(path);
    await check();
    await answers();
    expect(said()).toEqual([cannotBe, madeAgain]);
    unlinkSync(path);
    const other = await serveSocket({ path });
    await check();
    expect(said()).toEqual([cannotBe, madeAgain, cannotBe]);
    await server.stop();
    await answers();
    await other.server.stop();
  });

  it("is not created again during a stop", async () => {
    const { path, server, clock } = await serveWatched();
    unlinkSync(path);
    const looking = clock.advance(5_000);
    await Promise.all([server.stop(), looking]);
    expect([existsSync(path), clock.pendingTimers()]).toEqual([false, 0]);
  });
});
