// What Linux says that processes have used, so that a server is measured that cannot be asked.
import { readFileSync } from "node:fs";

// USER_HZ: a constant of Linux's interface, whatever the kernel's own clock.
const usPerTick = 10_000;

/**
 * Microseconds of CPU that a server and its processes have used so far, those that have ended included.
 *
 * @param pid of the process that started all others
 */
export function processorTimeUs(pid) {
  const { own, ended } = ticksOf(pid);
  let ticks = own + ended;
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")) {
    if (child === "") continue;
    try {
      ticks += ticksOf(child).own;
    } catch {
      // It has ended since, and counts with its parent's from now on.
    }
  }
  return ticks * usPerTick;
}

/** Bytes of memory that a process occupies. */
export function residentBytes(pid) {
  return (
    Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) * 1_024
  );
}

/** User and system time: of the process itself, and of its children that have ended and were waited for. */
function ticksOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The program's name may contain spaces and brackets; what follows its last bracket is numbers.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  return { own: user + system, ended: endedUser + endedSystem };
}
