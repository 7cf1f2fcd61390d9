import { type CommandResult, misuse } from "./command-result.js";
import type { ProbeRequest } from "./probe-request.js";

/** The three ways to ask, and the options that go with each. */
const ways: Readonly<Record<string, readonly string[]>> = {
  "--socket": ["--timeout"],
  "--file": ["--max-age"],
  "--url": ["--timeout", "--api-key-env", "--api-key-file", "--api-key-header"],
};
const values = [...new Set([...Object.keys(ways), ...Object.values(ways).flat()])];

/** Docker and Podman read 0 and 1 and reserve 2. */
const healthcheck = "--healthcheck";

/** `probe ready|live`. It loads only what the chosen way needs: a probe runs every few seconds. */
export async function runProbe(args: readonly string[]): Promise<CommandResult> {
  if (!args.includes(healthcheck)) return probe(args);
  const result = await probe(args.filter((arg) => arg !== healthcheck));
  return result.exitCode === 0 ? result : { ...result, exitCode: 1 };
}

async function probe([name, ...args]: readonly string[]): Promise<CommandResult> {
  if (name !== "ready" && name !== "live")
    return misuse("probe takes ready or live: tasker-observability probe ready --socket PATH");
  const options = readOptions(args);
  if (typeof options === "string") return misuse(options);
  const [way, ...others] = Object.keys(ways).filter((candidate) => options.has(candidate));
  if (way === undefined || others.length > 0)
    return misuse("probe takes one of --socket PATH, --file PATH and --url URL.");
  const stray = [...options.keys()].find(
    (option) => option !== way && !ways[way]?.includes(option),
  );
  if (stray !== undefined) return misuse(`${stray} cannot be combined with ${way}.`);
  const request = toRequest(name, options.get(way) ?? "", options);
  if (typeof request === "string") return misuse(request);
  if (way === "--socket") return (await import("./probe-socket.js")).probeSocket(request);
  if (way === "--file") return (await import("./probe-file.js")).probeFile(request);
  return (await import("./probe-url.js")).probeUrl(request);
}

function toRequest(
  name: ProbeRequest["name"],
  where: string,
  options: ReadonlyMap<string, string>,
): ProbeRequest | string {
  const [timeoutSeconds, maxAgeSeconds] = [
    Number(options.get("--timeout") ?? 5),
    Number(options.get("--max-age") ?? 30),
  ];
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 86_400 && maxAgeSeconds > 0))
    return "--timeout and --max-age take a number of seconds.";
  const key = {
    env: options.get("--api-key-env"),
    file: options.get("--api-key-file"),
    header: options.get("--api-key-header") ?? "X-API-Key",
  };
  if (key.env !== undefined && key.file !== undefined)
    return "probe takes one of --api-key-env NAME and --api-key-file PATH.";
  if (options.has("--api-key-header") && key.env === undefined && key.file === undefined)
    return "--api-key-header needs a key: --api-key-env NAME or --api-key-file PATH.";
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(key.header))
    return "--api-key-header takes the name of an HTTP header, such as X-API-Key.";
  return {
    name,
    where,
    timeoutMs: timeoutSeconds * 1_000,
    maxAgeMs: maxAgeSeconds * 1_000,
    key,
  };
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
    if (!values.includes(option)) return problemOfOption(option);
    if (value === undefined || value === "") return `${option} needs a value.`;
    if (options.has(option)) return `${option} can be given only once.`;
    options.set(option, value);
  }
  return options;
}

function problemOfOption(option: string): string {
  // The value of an option of that name would be a key: it must be neither read nor repeated.
  return option === "--api-key"
    ? "Other users can read an API key on the command line: use --api-key-env NAME or --api-key-file PATH."
    : `Unknown option ${option}. probe takes ${[...values, healthcheck].join(", ")}.`;
}
