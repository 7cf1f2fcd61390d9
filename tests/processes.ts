import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

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
    const [, state = "", parent] = /^\d+ \(.*\) (\S) (\d+)/s.exec(readFileSync(`/proc/${entry}/stat`, "utf8")) ?? [];
    const command = readFileSync(`/proc/${entry}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return [{ pid: Number(entry), parent: Number(parent), state, command }];
  } catch {
    return []; // it ended while we looked
  }
}

function rowsFromPs(): Row[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }).trim().split("\n");
  return rows.flatMap((line) => {
    const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), state: state ?? "", command: command ?? "" }];
  });
}

/** The process, its children and theirs, whatever session they are in. */
export function descendantsOf(pid: number): number[] {
  const table = processTable();
  const family = [pid];
  for (const member of family) family.push(...table.filter((row) => row.parent === member).map((row) => row.pid));
  return family;
}

/** Those of them that still run. */
export function runningOf(pids: readonly number[]): number[] {
  return processTable().filter((row) => pids.includes(row.pid) && !row.state.startsWith("Z")).map((row) => row.pid);
}

/** The data folders of the embedded servers among them. */
export function embeddedFolders(pids: readonly number[]): string[] {
  const commands = processTable().filter((row) => pids.includes(row.pid)).map((row) => row.command);
  return [...new Set(commands.flatMap((command) => /postgres -D (\S+)\/data/.exec(command)?.[1] ?? []))];
}
