/**
 * Runs one side: `side-program.mjs <side> <settings as JSON>`. It is called through `calls.mjs`: `open`, then `run` or `begin`,
 * then `close`, as often as there are rounds.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { answerCalls } from "../calls.mjs";
import { processorTimeUs } from "../processor-time.mjs";

const [file, settings] = process.argv.slice(2);
const { openSide } = await import(`./${file}.mjs`);
const { serverPid, ...given } = JSON.parse(settings);

let side;
let steps;
let latenciesMs = [];
const delays = monitorEventLoopDelay({ resolution: 10 });

/** Counts steps, and looks at the clocks where the first of them begins. */
class Steps {
  #left;
  #all;
  #started = null;
  #settle;
  finished = new Promise((resolve) => (this.#settle = resolve));

  constructor(count) {
    this.#all = count;
    this.#left = count;
  }

  get started() {
    return this.#started;
  }

  get count() {
    return this.#all - this.#left;
  }

  begin() {
    this.#started ??= readClocks();
  }

  end() {
    this.#left -= 1;
    if (this.#left === 0) this.#settle();
  }
}

answerCalls({ open, run, begin, close, usage, latencies });

/** @returns milliseconds until the side would take steps */
async function open({ concurrency, waitMs = 0, ...options }) {
  steps = new Steps(Infinity);
  const empty = (input) => {
    steps.begin();
    if (input !== null && typeof input === "object" && "sentAt" in input)
      latenciesMs.push(Number(process.hrtime.bigint() - BigInt(input.sentAt)) / 1e6);
    steps.end();
  };
  const handler =
    waitMs === 0
      ? async (input) => empty(input)
      : async (input) => {
          empty(input);
          await sleep(waitMs);
        };
  const startedAt = performance.now();
  side = await openSide({ ...given, ...options, concurrency, handler });
  return performance.now() - startedAt;
}

/**
 * Takes steps until so many have run, and their outcomes are written. Clocks start with the first step.
 *
 * @param ofMore there are more steps: clocks start before the first claim, and stop when the last handler has run
 */
async function run({ count, ofMore = false }) {
  steps = new Steps(count);
  if (ofMore) steps.begin();
  await side.begin();
  await steps.finished;
  if (!ofMore) await side.settled(count);
  const started = steps.started;
  const ended = readClocks();
  if (!ofMore && steps.count !== count)
    throw new Error(`${steps.count} steps ran where ${count} were queued.`);
  return Object.fromEntries(Object.keys(ended).map((name) => [name, ended[name] - started[name]]));
}

/** Takes steps from here on. @returns milliseconds until it does, and says that it is ready where it says so */
async function begin() {
  steps = new Steps(Infinity);
  latenciesMs = [];
  const startedAt = performance.now();
  await side.begin();
  await side.ready?.();
  return performance.now() - startedAt;
}

async function close() {
  await side.close();
  globalThis.gc();
}

/** What it has used since its start, and how late its event loop was since the last question. */
function usage() {
  const delayP99Ms = delays.percentile(99) / 1e6;
  delays.reset();
  delays.enable();
  return { workerUs: ownTimeUs(), delayP99Ms, url: side.url };
}

/** From sending to the start of the handler, of all since the last question. */
function latencies() {
  const since = latenciesMs;
  latenciesMs = [];
  return since;
}

function readClocks() {
  return { ms: performance.now(), workerUs: ownTimeUs(), serverUs: processorTimeUs(serverPid) };
}

function ownTimeUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
