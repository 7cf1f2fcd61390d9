import type { PathSegment } from "@tasker-observability/redact";

type Path = readonly PathSegment[];

/**
 * Places of text in a template, with `*` for an index or the name of an environment: there, `name: 123` is the text
 * 123.
 */
const textPlaces: ReadonlySet<string> = new Set([
  ..."name namespace_name version description".split(" "),
  ..."metadata.author metadata.documentation_url metadata.tags.*".split(" "),
  ..."system_dependencies.primary system_dependencies.secondary.*".split(" "),
  ..."domain_events.*.name domain_events.*.description lifecycle.staleness_action".split(" "),
  ..."steps.*.name steps.*.description steps.*.system_dependency".split(" "),
  ..."steps.*.handler.callable steps.*.handler.method steps.*.handler.resolver".split(" "),
  ..."steps.*.dependencies.* steps.*.depends_on.*".split(" "),
  ..."steps.*.publishes_events.* steps.*.publishes_events.*.name".split(" "),
  ..."steps.*.publishes_events.*.description steps.*.publishes_events.*.publisher".split(" "),
  ..."steps.*.batch_config.cursor_field steps.*.batch_config.worker_template".split(" "),
  "environments.*.steps.*.name",
]);

/** Places where Tasker's types require a whole number. */
const wholePlaces: ReadonlySet<string> = new Set([
  ..."max_duration max_waiting_for_dependencies max_waiting_for_retry max_steps_in_process"
    .split(" ")
    .map((limit) => `lifecycle.${limit}_minutes`),
  ..."batch_size parallelism checkpoint_interval"
    .split(" ")
    .map((key) => `steps.*.batch_config.${key}`),
  ..."timeout_seconds retry.max_attempts retry.backoff_base_ms retry.max_backoff_ms"
    .split(" ")
    .flatMap((key) => [`steps.*.${key}`, `environments.*.steps.*.${key}`]),
]);

const deepest = Math.max(
  ...[...textPlaces, ...wholePlaces].map((place) => place.split(".").length),
);

/** Whether text belongs at a path of a template. */
export function isTextPlace(path: Path): boolean {
  return isAmong(textPlaces, path);
}

/** Whether Tasker reads whole numbers only at a path of a template. */
export function isWholePlace(path: Path): boolean {
  return isAmong(wholePlaces, path);
}

function isAmong(places: ReadonlySet<string>, path: Path): boolean {
  return path.length <= deepest && places.has(path.map(toPattern).join("."));
}

function toPattern(segment: PathSegment, index: number, path: Path): string {
  const isName = index === 1 && path[0] === "environments";
  return isName || typeof segment === "number" ? "*" : segment.replaceAll(".", "_");
}

const numberKeys = new Set(
  (
    "timeout_seconds max_attempts limit backoff_base_ms max_backoff_ms batch_size parallelism max_duration_minutes " +
    "max_waiting_for_dependencies_minutes max_waiting_for_retry_minutes max_steps_in_process_minutes"
  ).split(" "),
);

/** Whether a text would break the context of a path: a setting of ours that is a number, or a schema. */
export function isNumberPlace(path: Path): boolean {
  const last = path.at(-1);
  if (path.slice(0, -1).some((segment) => typeof segment === "string" && schemaKey.test(segment)))
    return true;
  return typeof last === "string" && numberKeys.has(last) && !path.includes("initialization");
}

const schemaKey = /(?:^|_)schema$/;

const keptKeys: ReadonlySet<PathSegment> = new Set(["initialization", "input_schema", "schema"]);

/**
 * Whether Tasker reads the value at a path: it keeps numbers of up to 64 bits, and ignores keys that it does not
 * know.
 */
export function isAnyNumberPlace(path: Path): boolean {
  return path.some((segment) => keptKeys.has(segment));
}
