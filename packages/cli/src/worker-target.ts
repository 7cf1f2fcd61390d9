import { readKeyHeaders } from "./probe-key.js";
import { usageError } from "./parse-options.js";

/** How to reach a worker. */
export interface WorkerTarget {
  readonly way: "url" | "socket";
  readonly where: string;
  readonly timeoutMs: number;
  /** Those that carry the API key; empty without one. */
  readonly headers: Readonly<Record<string, string>>;
  /** The command that asks, for messages. */
  readonly command: string;
}

/** The options of a command that reach a worker. */
export interface TargetOptions {
  readonly url?: string;
  readonly socket?: string;
  readonly timeout?: string;
  readonly "api-key-env"?: string;
  readonly "api-key-file"?: string;
  readonly "api-key-header"?: string;
}

/** @throws UsageError that says which option is missing or wrong. */
export function toTarget(options: TargetOptions, command: string): WorkerTarget {
  const { url, socket } = options;
  const seconds = Number(options.timeout ?? 5);
  if (!(seconds > 0 && seconds <= 86_400))
    throw usageError(command, "--timeout takes a number of seconds.");
  const common = { timeoutMs: seconds * 1_000, command };
  if (url === undefined && socket === undefined)
    throw usageError(command, `${command} takes one of --url URL and --socket PATH.`);
  if (url === undefined) {
    const stray = keyOptions.find((name) => options[name] !== undefined);
    if (stray !== undefined)
      throw usageError(command, `--${stray} cannot be combined with --socket.`);
    return { ...common, way: "socket", where: socket ?? "", headers: {} };
  }
  if (socket !== undefined)
    throw usageError(command, `${command} takes one of --url URL and --socket PATH.`);
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
    throw usageError(command, "--url takes the address of a worker: http://host:port");
  return { ...common, way: "url", where: url, headers: readKey(options, command) };
}

const keyOptions = ["api-key-env", "api-key-file", "api-key-header"] as const;

function readKey(options: TargetOptions, command: string): Readonly<Record<string, string>> {
  const [env, file, header = "X-API-Key"] = keyOptions.map((name) => options[name]);
  if (env !== undefined && file !== undefined)
    throw usageError(command, "Use one of --api-key-env NAME and --api-key-file PATH.");
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(header))
    throw usageError(
      command,
      "--api-key-header takes the name of an HTTP header, such as X-API-Key.",
    );
  try {
    return readKeyHeaders({ env, file, header });
  } catch (error) {
    throw usageError(
      command,
      error instanceof Error ? error.message : "The key could not be read.",
    );
  }
}
