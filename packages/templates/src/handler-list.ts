import { createHandlers, type Handlers } from "./handlers.js";

/**
 * Reads a list of callables: a JSON list of names, a JSON object whose keys are the names, or a name a line. Of lines,
 * a dash before the name and what follows ` #` are passed over, and so are those that are empty then.
 *
 * @throws SyntaxError, without any of the text, for what begins as JSON and is neither a list of names nor an object.
 */
export function parseHandlerList(text: string): Handlers {
  const trimmed = text.trim();
  return createHandlers(/^[[{]/.test(trimmed) ? namesInJson(trimmed) : namesInLines(trimmed));
}

function namesInJson(text: string): readonly string[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) return Object.keys(value as object);
  const names = value.filter((name) => typeof name === "string");
  if (names.length < value.length) throw new SyntaxError("A list of handlers holds names alone.");
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError("A list of handlers that begins with [ or { must be JSON.");
  }
}

function namesInLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").replace(/^\s*-\s/, "").trim());
  return lines.filter((line) => line !== "");
}
