/** `queue_processing` as words. */
export function wordsOf(name: string): string {
  return name.replaceAll("_", " ");
}

/** Why a check is as it is. A kind of failure comes as a code: `connection_refused`. */
export function reasonText(message: string | null): string | null {
  return message !== null && /^[a-z]+(_[a-z]+)+$/.test(message) ? wordsOf(message) : message;
}

/** "12 s", "4 min 10 s", "3 h 2 min", "5 d 3 h". @param ms - milliseconds. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return twoUnits(minutes, "min", seconds % 60, "s");
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return twoUnits(hours, "h", minutes % 60, "min");
  return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}

function twoUnits(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}

/** "3 ms", "1.25 s", "12 s", "4 min 10 s". @param ms - milliseconds; null is a dash. */
export function latencyText(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return "–";
  if (ms < 1_000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  return ms < 10_000 ? `${Number((ms / 1_000).toFixed(2))} s` : durationText(ms);
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** "1,234,567"; null is a dash. */
export function countText(count: number | null | undefined): string {
  return count === null || count === undefined ? "–" : whole.format(count);
}

/** "0", "0.05", "4.2", "130": a number a second. */
export function rateText(rate: number | null | undefined): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return "–";
  if (rate === 0) return "0";
  if (rate < 0.01) return "< 0.01";
  if (rate >= 100) return whole.format(rate);
  return String(Number(rate.toFixed(rate < 1 ? 2 : 1)));
}

/** "118 MB". */
export function bytesText(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return megabytes < 1_000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1_000).toFixed(1)} GB`;
}

/** "1 step", "3 steps". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
