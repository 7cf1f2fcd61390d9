import { valueProblemOf, textProblemOf } from "./options/option-messages.js";
import type {
  Channels,
  CircuitBreakers,
  CommandProcessor,
  Database,
  EventSystem,
  MessageQueues,
  PoolStatistics,
  QueueStatistics,
} from "./ports.js";

/** A port gave an invalid answer. The message names the field and what was expected, never the value. */
export class PortAnswerError extends TypeError {
  override readonly name = "PortAnswerError";
}

/** What a value has to be. */
interface Kind {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
  /** How to report a wrong value: by default, a number is shown, and only the type of anything else. */
  readonly problem?: typeof valueProblemOf;
}

const count: Kind = {
  expected: "a whole number from 0 up",
  fits: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};
const duration: Kind = {
  expected: "a number from 0 up",
  fits: (value) => Number.isFinite(value) && (value as number) >= 0,
};
const text: Kind = { expected: "a string", fits: (value) => typeof value === "string" };
const flag: Kind = { expected: "true or false", fits: (value) => typeof value === "boolean" };
const orNull = ({ expected, fits }: Kind): Kind => ({
  expected: `${expected}, or null`,
  fits: (value) => value === null || fits(value),
});
const oneOf = (...values: readonly string[]): Kind => ({
  expected: `one of ${values.slice(0, -1).join(", ")} or ${values.at(-1)}`,
  fits: (value) => values.includes(value as string),
  problem: textProblemOf,
});

type Shape = Readonly<Record<string, Kind>>;

const pool: Shape = { size: count, idle: count, waiting: count, max: count };
const acquires: Shape = {
  total: count,
  slow: count,
  errors: count,
  averageMs: duration,
  maxMs: duration,
};
const queue: Shape = {
  namespace: text,
  queue_name: text,
  state: oneOf("readable", "missing", "forbidden", "failed", "timed_out"),
  depth: orNull(count),
  visible_depth: orNull(count),
  oldest_message_age_seconds: orNull(duration),
  oldest_visible_age_seconds: orNull(duration),
  depth_estimated: flag,
};
const slots: Shape = { total: count, busy: count, overdue: count };
const claimRefusals: Shape = { queues: count, refused: count, without_success_ms: duration };
const refusedOutcomes: Shape = { queue_name: text, outcome: text, waiting: count };
const breaker: Shape = { name: text, state: oneOf("closed", "half_open", "open") };
const channel: Shape = { channel_name: text, component: text, length: count, capacity: count };
const processorState = oneOf("running", "paused", "stopped");
const listenerState = oneOf("connected", "down", "not_used");
const pollerState = oneOf("alive", "down", "not_used");

/**
 * Calls the ports and checks their answers, so that no service uses a depth that is a string, or an unknown state.
 *
 * @throws PortAnswerError that names what is wrong; whatever the port throws.
 */
export const portAnswers = Object.freeze({
  pool(port: Pick<Database, "pool">): PoolStatistics | null {
    const place = "database.pool()";
    const answer = checkOrNull(place, port.pool(), pool);
    if (answer?.acquires !== undefined) checkFields(`${place}.acquires`, answer.acquires, acquires);
    return answer;
  },

  queues: async (port: MessageQueues, signal: AbortSignal): Promise<readonly QueueStatistics[]> =>
    checkList("queues.statistics()", await port.statistics(signal), queue),

  processorState: (port: CommandProcessor): ReturnType<CommandProcessor["state"]> =>
    check("commandProcessor.state()", port.state(), processorState),

  heartbeatAgeMs: ({ heartbeat }: CommandProcessor): number | null =>
    heartbeat === null
      ? null
      : check("commandProcessor.heartbeat.ageMs()", heartbeat.ageMs(), duration),

  slots: (port: CommandProcessor): ReturnType<CommandProcessor["slots"]> =>
    checkOrNull("commandProcessor.slots()", port.slots(), slots),

  claimRefusals: (port: CommandProcessor) =>
    checkOrNull("commandProcessor.refusals()", port.refusals?.() ?? null, claimRefusals),

  outcomeRefusals(port: CommandProcessor) {
    const place = "commandProcessor.outcomeRefusals()";
    const answer = checkOrNull(place, port.outcomeRefusals?.() ?? null, {
      without_success_ms: duration,
    });
    if (answer !== null) checkList(`${place}.refused`, answer.refused, refusedOutcomes);
    return answer;
  },

  listener: (port: EventSystem): ReturnType<EventSystem["listener"]> =>
    check("eventSystem.listener()", port.listener(), listenerState),

  poller: (port: EventSystem): ReturnType<EventSystem["poller"]> =>
    check("eventSystem.poller()", port.poller(), pollerState),

  pollOnlyQueues(port: EventSystem): readonly string[] {
    const place = "eventSystem.pollOnlyQueues()";
    const names = asList(place, port.pollOnlyQueues?.() ?? []);
    names.forEach((name, index) => check(`${place}[${index}]`, name, text));
    return names;
  },

  breakers: (port: CircuitBreakers): ReturnType<CircuitBreakers["states"]> =>
    checkList("circuitBreakers.states()", port.states(), breaker),

  channels: (port: Channels): ReturnType<Channels["levels"]> =>
    checkList("channels.levels()", port.levels(), channel),
});

function check<T>(place: string, value: T, { expected, fits, problem = valueProblemOf }: Kind): T {
  if (fits(value)) return value;
  throw new PortAnswerError(problem([place], expected, value));
}

function checkFields<T>(place: string, answer: T, shape: Shape): T {
  if (typeof answer !== "object" || answer === null)
    throw new PortAnswerError(valueProblemOf([place], "an object", answer));
  for (const [field, kind] of Object.entries(shape))
    check(`${place}.${field}`, (answer as Readonly<Record<string, unknown>>)[field], kind);
  return answer;
}

function checkOrNull<T>(place: string, answer: T, shape: Shape): T {
  return answer === null ? answer : checkFields(place, answer, shape);
}

function checkList<T>(place: string, answer: readonly T[], shape: Shape): readonly T[] {
  const list = asList(place, answer);
  list.forEach((entry, index) => checkFields(`${place}[${index}]`, entry, shape));
  return list;
}

function asList<T>(place: string, answer: readonly T[]): readonly T[] {
  if (Array.isArray(answer)) return answer as readonly T[];
  throw new PortAnswerError(valueProblemOf([place], "an array", answer));
}
