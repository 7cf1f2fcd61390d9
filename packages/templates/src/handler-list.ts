import { createHandlers, type Handlers } from "./handlers.js";

/**
 * Reads a list of callables: a JSON list of names, a JSON object whose keys are the names, or a name a line
 * (empty lines and lines that begin with `#` are passed over).
 *
 * @throws SyntaxError for JSON that is neither a list of texts nor an object.
 */
export function parseHandlerList(text: string): Handlers {
  const trimmed = text.trim();
  return createHandlers(/^[[{]/.test(trimmed) ? namesInJson(trimmed) : namesInLines(trimmed));
}

function namesInJson(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return Object.keys(value as object);
  const names = value.filter((name) => typeof name === "string");
  if (names.length < value.length) throw new SyntaxError("A list of handlers holds names alone.");
  return names;
}

function namesInLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}
