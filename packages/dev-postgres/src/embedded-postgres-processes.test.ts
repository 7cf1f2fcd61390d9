import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  bundleForNode,
  isRunning,
  runInPty,
  spawnNode,
  waitFor,
  type NodeBundle,
  type SpawnedProcess,
  type SpawnOptions,
} from "@tasker-observability/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { copyCheckout } from "./testing/copy-checkout.js";
import { startEmbeddedPostgres } from "./embedded-postgres.js";

const here = dirname(fileURLToPath(import.meta.url));
const asRoot = process.geteuid?.() === 0;

/** What an application does: starts a server, says where it is, and goes on (`stay`), forgets it, or asks it after a Ctrl-C. */
const application = `
  import { readFileSync } from "node:fs";
  import { startEmbeddedPostgres } from ${JSON.stringify(join(here, "index.ts"))};
  const stay = process.argv[2] === "stay" && setInterval(() => undefined, 1000);
  const server = await startEmbeddedPostgres();
  process.on("SIGINT", async () => {
    const log = readFileSync(server.dataDirectory + "/../log", "utf8");
    console.log(log.includes("shutdown") ? "it has heard of it" : "it has not heard of it");
    await server.stop();
    clearInterval(stay || undefined);
  });
  console.log(JSON.stringify({ pid: server.pid, dataDirectory: server.dataDirectory }));
`;

interface Started {
  readonly pid: number;
  readonly dataDirectory: string;
}

let bundle: NodeBundle;
let temporary: string;
beforeAll(async () => (bundle = await bundleForNode(application, join(here, "../.."))));
afterAll(() => bundle.remove());
beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), "embedded-"));
  await chmod(temporary, 0o777);
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

const startApplication = (mode: "stay" | "forget", options: SpawnOptions = {}): SpawnedProcess =>
  spawnNode([bundle.file, mode], { env: { TMPDIR: temporary }, ...options });

async function started(process: Pick<SpawnedProcess, "waitForLine">): Promise<Started> {
  return JSON.parse(await process.waitForLine(/^\{/, 30_000)) as Started;
}

/** Ids of the processes whose command line names the text, and of their children. */
function processesOf(text: string): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).split("\n");
  const all = lines
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null);
  const named = all.filter((match) => match[3]!.includes(text)).map((match) => match[1]!);
  return [
    ...named,
    ...all.filter((match) => named.includes(match[2]!)).map((match) => match[1]!),
  ].map(Number);
}

const column = (pid: number, name: string): string =>
  execFileSync("ps", ["-o", `${name}=`, "-p", String(pid)], { encoding: "utf8" }).trim();

/** Everything but `others` has gone from the temporary folder, and so have the processes. */
async function untilNothingIsLeft(
  pids: readonly number[],
  others: readonly string[] = [],
): Promise<void> {
  await waitFor(() => !pids.some(isRunning), {
    what: "the end of the server's processes",
    timeoutMs: 30_000,
  });
  await waitFor(async () => (await readdir(temporary)).join() === others.join(), {
    what: "the removal of the server's folder",
  });
}

describe("a server whose process dies", () => {
  it("stops and leaves no folder after a kill -9", async () => {
    const process = startApplication("stay");
    const server = await started(process);
    const pids = processesOf(dirname(server.dataDirectory));
    expect(pids).toContain(server.pid);
    expect(pids.length).toBeGreaterThan(4);
    process.kill("SIGKILL");
    expect(await process.exited).toEqual({ code: null, signal: "SIGKILL" });
    await untilNothingIsLeft(pids);
  });

  it("is not left behind by a kill -9 in the midst of its making", async () => {
    const process = spawnNode(
      [await copyCheckout(join(temporary, "checkout"), bundle.file), "stay"],
      { env: { TMPDIR: temporary }, cwd: "/" },
    );
    const pids = await waitFor(
      () => {
        const found = processesOf(temporary);
        return found.some((pid) => column(pid, "args").includes("initdb")) ? found : null;
      },
      { what: "initdb" },
    );
    process.kill("SIGKILL");
    await untilNothingIsLeft(pids, ["checkout"]);
  });

  it("does not keep its process alive, and ends with it", async () => {
    const process = startApplication("forget");
    const server = await started(process);
    expect(await process.exited).toEqual({ code: 0, signal: null });
    await untilNothingIsLeft([server.pid]);
  });
});

describe("a Ctrl-C in the terminal", () => {
  it("reaches the application and not the server, which is of another session", async () => {
    const terminal = runInPty(process.execPath, [bundle.file, "stay"], {
      env: { TMPDIR: temporary },
    });
    const server = await started(terminal);
    expect(column(server.pid, "tty")).toBe("?");
    expect(column(server.pid, "sid")).not.toBe(column(terminal.pid, "sid"));
    terminal.ctrlC();
    expect(await terminal.waitForLine(/heard/)).toContain("it has not heard of it");
    expect(await terminal.exited).toMatchObject({ code: 0 });
    await untilNothingIsLeft([server.pid]);
  });
});

describe("a shell that is killed", () => {
  it("ends the server too, and leaves no folder", async () => {
    const server = await startEmbeddedPostgres();
    const shell = Number(column(server.pid, "ppid"));
    const pids = processesOf(dirname(server.dataDirectory));
    expect(pids).toContain(shell);
    process.kill(shell, "SIGKILL");
    expect(await server.exited).toMatchObject({ expected: false, code: null });
    await waitFor(() => !pids.some(isRunning), { what: "the end of the server's processes" });
    await expect(readdir(dirname(server.dataDirectory))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe.runIf(asRoot)("as root", () => {
  it("runs from a checkout that only root may enter, and leaves no copy of it", async () => {
    const program = await copyCheckout(join(temporary, "checkout"), bundle.file);
    await chmod(dirname(program), 0o700);
    const place = join(temporary, "place");
    await mkdir(place);
    await chmod(place, 0o777);
    const process = spawnNode([program, "stay"], { env: { TMPDIR: place }, cwd: "/" });
    const server = await started(process);
    expect(column(server.pid, "args")).toContain(`${dirname(server.dataDirectory)}/run.`);
    process.kill("SIGINT");
    expect(await process.exited).toEqual({ code: 0, signal: null });
    expect(await readdir(place)).toEqual([]);
  });

  it("leaves a server of an ordinary user to that user, who needs no home", async () => {
    const program = await copyCheckout(join(temporary, "checkout"), bundle.file);
    const idOf = (flag: string): number =>
      Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
    const nobody = { uid: idOf("-u"), gid: idOf("-g") };
    const process = spawnNode([program, "stay"], {
      env: { TMPDIR: temporary },
      cwd: "/",
      ...nobody,
    });
    const server = await started(process);
    expect(column(server.pid, "uid")).toBe(String(nobody.uid));
    const pids = processesOf(dirname(server.dataDirectory));
    process.kill("SIGKILL");
    await untilNothingIsLeft(pids, ["checkout"]);
  });
});
