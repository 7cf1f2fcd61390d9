import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnNode, waitFor } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";

/** What a frame of the server contains, as a test looks at it. */
export interface Frame {
  readonly id: unknown;
  readonly result: Readonly<Record<string, unknown>>;
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data: { readonly error: string };
  };
}

/** A client that can do everything wrong. */
export interface RawSocket {
  readonly socket: Socket;
  readonly frames: Frame[];
  readonly lines: string[];
  /** Writes as it is; an object as one frame. */
  send(what: string | Buffer | object): void;
  /** The first frame with that id. */
  answer(id: unknown): Promise<Frame>;
  closed(): boolean;
}

/** A folder that goes with the test. */
export async function socketPath(name = "worker.sock"): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bridge-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, name);
}

export async function openRaw(
  path: string,
  options: { readonly allowHalfOpen?: boolean } = {},
): Promise<RawSocket> {
  const socket = connect({ path, allowHalfOpen: options.allowHalfOpen ?? false });
  onTestFinished(() => void socket.destroy());
  const lines: string[] = [];
  const frames: Frame[] = [];
  let rest = "";
  let isClosed = false;
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    frames.push(...parts.map((part) => JSON.parse(part) as Frame));
  });
  socket.on("error", () => undefined);
  socket.on("close", () => (isClosed = true));
  await new Promise<void>((resolve, reject) =>
    socket.once("connect", resolve).once("error", reject),
  );
  return {
    socket,
    frames,
    lines,
    send: (what) =>
      void socket.write(
        typeof what === "string" || Buffer.isBuffer(what) ? what : `${JSON.stringify(what)}\n`,
      ),
    answer: (id) =>
      waitFor(() => frames.find((frame) => frame.id === id), {
        what: `the answer to ${JSON.stringify(id)}`,
      }),
    closed: () => isClosed,
  };
}

/** Leaves the file of a server that was killed. */
export async function leaveStaleFile(path: string): Promise<void> {
  const child = spawnNode([
    "-e",
    `require("net").createServer().listen(${JSON.stringify(path)}, () => console.log("up"))`,
  ]);
  await child.waitForLine(/up/);
  child.kill("SIGKILL");
  await child.exited;
}
