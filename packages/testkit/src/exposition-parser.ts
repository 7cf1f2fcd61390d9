import type {
  ExpositionExemplar,
  ExpositionFamily,
  ExpositionFormat,
  ExpositionSample,
} from "./exposition.js";
import { checkFamilies } from "./exposition-rules.js";

/**
 * Reads exposition text by the letter, where a scraper would be lenient: each family is one block of HELP, TYPE and
 * samples, each sample belongs to its family, and nothing is there twice.
 *
 * @throws Error with the line at the first thing that is not as the format has it.
 */
export function parseExposition(
  text: string,
  format: ExpositionFormat,
): readonly ExpositionFamily[] {
  const families = readBlocks(toLines(text, format), format);
  checkFamilies(families, format);
  return families;
}

function toLines(text: string, format: ExpositionFormat): string[] {
  if (/\p{Surrogate}/u.test(text))
    throw new Error("The text has a lone surrogate, which UTF-8 cannot write.");
  const end = format === "openmetrics" ? "# EOF\n" : "\n";
  if (!text.endsWith(end)) throw new Error(`The text does not end in ${JSON.stringify(end)}.`);
  return text
    .slice(0, text.length - end.length)
    .split("\n")
    .slice(0, format === "openmetrics" ? -1 : undefined);
}

function readBlocks(lines: readonly string[], format: ExpositionFormat): ExpositionFamily[] {
  const families: (ExpositionFamily & { readonly samples: ExpositionSample[] })[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (!line.startsWith("#")) {
      const family = families.at(-1) ?? fail(line, "a sample before any family");
      family.samples.push(readSample(line, format));
      continue;
    }
    const [, name, help] =
      /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/su.exec(line) ??
      fail(line, "HELP of a family expected");
    const typeLine = lines[(index += 1)] ?? "";
    const [, typedName, type] =
      /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|unknown)$/.exec(
        typeLine,
      ) ?? fail(typeLine, "TYPE expected after HELP");
    if (type === "unknown" && format === "prometheus") fail(typeLine, "a type of OpenMetrics");
    if (typedName !== name) fail(typeLine, `TYPE of ${name} expected`);
    families.push({
      name: name ?? "",
      help: unescape(help ?? "", format === "openmetrics" ? '\\\\n"' : "\\\\n", line),
      type: type ?? "",
      samples: [],
    });
  }
  return families;
}

const pairs = String.raw`(?:[^"{}]|"(?:[^"\\]|\\.)*")`;
const sampleLine = new RegExp(
  String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(${pairs}+)\})? (\S+)(?: # (.*))?$`,
  "su",
);
const exemplarText = new RegExp(String.raw`^\{(${pairs}*)\} (\S+)(?: (\S+))?$`, "su");
const labelPair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,(?=.)|$)/suy;
const number = /^(?:NaN|[+-]Inf|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/;

function readSample(line: string, format: ExpositionFormat): ExpositionSample {
  const [, name, labels, value, exemplar] = sampleLine.exec(line) ?? fail(line, "not a sample");
  if (exemplar !== undefined && format === "prometheus") fail(line, "an exemplar");
  const sample = {
    name: name ?? "",
    labels: readLabels(labels ?? "", line),
    value: readNumber(value, line),
  };
  return exemplar === undefined ? sample : { ...sample, exemplar: readExemplar(exemplar, line) };
}

function readExemplar(text: string, line: string): ExpositionExemplar {
  const [, labels, value, timestamp] = exemplarText.exec(text) ?? fail(line, "not an exemplar");
  const exemplar = { labels: readLabels(labels ?? "", line), value: readNumber(value, line) };
  return timestamp === undefined
    ? exemplar
    : { ...exemplar, timestamp: readNumber(timestamp, line) };
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels = new Map<string, string>();
  labelPair.lastIndex = 0;
  for (let at = 0; at < text.length; at = labelPair.lastIndex) {
    const [, name, value] = labelPair.exec(text) ?? fail(line, "not a list of labels");
    if (labels.has(name ?? "")) fail(line, `the label ${name} twice`);
    labels.set(name ?? "", unescape(value ?? "", '\\\\n"', line));
  }
  return Object.fromEntries(labels);
}

function unescape(text: string, allowed: string, line: string): string {
  return text.replace(/\\(.?)/gsu, (_, escaped: string) => {
    if (escaped === "" || !allowed.includes(escaped))
      fail(line, `an escape that there is not: \\${escaped}`);
    return escaped === "n" ? "\n" : escaped;
  });
}

function readNumber(text: string | undefined, line: string): number {
  if (text === undefined || !number.test(text)) return fail(line, "not a number");
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  return text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
}

function fail(line: string, problem: string): never {
  throw new Error(`Exposition text: ${problem}: ${JSON.stringify(line)}`);
}
