import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly state: string;
  readonly command: string;
}

/** From /proc where there is one, since a slim machine has no ps. */
function processTable(): Row[] {
  return existsSync("/proc/self/stat") ? readdirSync("/proc").flatMap(rowFromProc) : rowsFromPs();
}

function rowFromProc(entry: string): Row[] {
  if (!/^\d+$/.test(entry)) return [];
  try {
    const [, state = "", parent] =
      /^\d+ \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
    const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [{ pid: Number(entry), parent: Number(parent), state, command }];
  } catch {
    return []; // the process has ended meanwhile
  }
}

function rowsFromPs(): Row[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], {
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
  })
    .trim()
    .split("\n");
  return rows.flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), state: state ?? "", command: command ?? "" }];
  });
}

/** The process, its children and theirs, whatever session they are in. */
export function descendantsOf(pid: number): number[] {
  const table = processTable();
  const family = [pid];
  for (const member of family)
    family.push(...table.filter((row) => row.parent === member).map((row) => row.pid));
  return family;
}

/** Those of them that still run. */
export function runningOf(pids: readonly number[]): number[] {
  return processTable()
    .filter((row) => pids.includes(row.pid) && !row.state.startsWith("Z"))
    .map((row) => row.pid);
}

/** The data folders of the embedded servers among them. */
export function embeddedFolders(pids: readonly number[]): string[] {
  const commands = processTable()
    .filter((row) => pids.includes(row.pid))
    .map((row) => row.command);
  return [
    ...new Set(commands.flatMap((command) => /postgres -D (\S+)\/data/.exec(command)?.[1] ?? [])),
  ];
}

/** The TCP ports on which a process listens, IPv6 included. */
export function listeningPorts(pid: number): number[] {
  return existsSync("/proc/self/net/tcp") ? portsFromProc(pid) : portsFromLsof(pid);
}

function portsFromProc(pid: number): number[] {
  const open = new Set(
    readdirSync(`/proc/${pid}/fd`).map((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`)),
  );
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1),
  );
  return rows.flatMap((row) => {
    const [, local = "", , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === "0A" && open.has(`socket:[${inode}]`)
      ? [Number.parseInt(local.slice(local.indexOf(":") + 1), 16)]
      : [];
  });
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // it was closed meanwhile
  }
}

/** Its exit code is 1 where nothing is found. */
function portsFromLsof(pid: number): number[] {
  const { stdout } = spawnSync(
    "lsof",
    ["-a", "-p", String(pid), "-iTCP", "-sTCP:LISTEN", "-nP", "-Fn"],
    { encoding: "utf8" },
  );
  return [...stdout.matchAll(/^n.*:(\d+)$/gm)].map(([, port]) => Number(port));
}
