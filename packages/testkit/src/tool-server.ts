import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { waitFor } from "./wait-for.js";

/** A server of somebody else's that a test has started. */
export interface ToolServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server on a free port and waits until it says that it is ready. */
export async function startToolServer(
  command: string | undefined,
  argsFor: (address: string) => readonly string[],
): Promise<ToolServer> {
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const child: ChildProcess = spawn(command ?? "", argsFor(address), { stdio: "ignore" });
  await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, {
    what: `${command ?? "a server"} to be ready`,
    timeoutMs: 30_000,
    intervalMs: 50,
  });
  return {
    url,
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
