import { type CommandResult, misuse } from "./command-result.js";

const values = ["--socket", "--file", "--url", "--timeout", "--max-age"];
const ways = ["--socket", "--file", "--url"];

/** `probe ready|live`. It loads what the one way needs and nothing else: a probe runs every few seconds. */
export async function runProbe([name, ...args]: readonly string[]): Promise<CommandResult> {
  if (name !== "ready" && name !== "live")
    return misuse("probe asks for ready or live: tasker-observability probe ready --socket PATH");
  const options = readOptions(args);
  if (typeof options === "string") return misuse(options);
  const [way, ...others] = ways.filter((candidate) => options.has(candidate));
  if (way === undefined || others.length > 0)
    return misuse("probe takes one of --socket PATH, --file PATH and --url URL.");
  const stray = way === "--file" ? "--timeout" : "--max-age";
  if (options.has(stray)) return misuse(`${stray} does not go with ${way}.`);
  const [timeoutSeconds, maxAgeSeconds] = [
    Number(options.get("--timeout") ?? 5),
    Number(options.get("--max-age") ?? 30),
  ];
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400 && maxAgeSeconds > 0))
    return misuse("--timeout and --max-age are numbers of seconds.");
  const request = {
    name,
    where: options.get(way) ?? "",
    timeoutMs: timeoutSeconds * 1_000,
    maxAgeMs: maxAgeSeconds * 1_000,
  } as const;
  if (way === "--socket") return (await import("./probe-socket.js")).probeSocket(request);
  if (way === "--file") return (await import("./probe-file.js")).probeFile(request);
  return (await import("./probe-url.js")).probeUrl(request);
}

/** By hand, so that a probe loads no parser. */
function readOptions(args: readonly string[]): Map<string, string> | string {
  const options = new Map<string, string>();
  const parts = args.flatMap((arg) =>
    /^--[\w-]+=/.test(arg)
      ? [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]
      : [arg],
  );
  for (let index = 0; index < parts.length; index += 2) {
    const [option = "", value] = [parts[index], parts[index + 1]];
    if (!values.includes(option)) return `probe knows no ${option}: it takes ${values.join(", ")}.`;
    if (value === undefined || value === "") return `${option} needs a value.`;
    if (options.has(option)) return `${option} is given twice.`;
    options.set(option, value);
  }
  return options;
}
