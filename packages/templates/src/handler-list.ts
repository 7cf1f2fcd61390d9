import { createHandlers, type Handlers } from "./handlers.js";

/**
 * Reads a list of callables: a JSON list of names, a JSON object whose keys are the names, or one name per line. In
 * lines, a dash before the name and everything after ` #` are ignored, and so are empty lines.
 *
 * @throws SyntaxError, without any of the text, for JSON that is neither a list of names nor an object, and for a text
 * without names.
 */
export function parseHandlerList(text: string): Handlers {
  const trimmed = text.trim();
  return createHandlers(/^[[{]/.test(trimmed) ? namesInJson(trimmed) : namesInLines(trimmed));
}

function namesInJson(text: string): readonly string[] {
  const value = parseJson(text);
  if (!Array.isArray(value)) return Object.keys(value as object);
  const names = value.filter((name) => typeof name === "string");
  if (names.length < value.length)
    throw new SyntaxError("A list of handlers must contain only names.");
  return names;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError("A list of handlers that begins with [ or { must be valid JSON.");
  }
}

function namesInLines(text: string): readonly string[] {
  if (isJson(text))
    throw new SyntaxError("A list of handlers in JSON must be an array of names or an object.");
  const lines = text.split(/\r?\n/).map((line) =>
    line
      .replace(/(^|\s)#.*$/, "")
      .replace(/^\s*-\s/, "")
      .trim(),
  );
  const names = lines.filter((line) => line !== "");
  if (names.length === 0)
    throw new SyntaxError("A list of handlers that names none must be written as [].");
  return names;
}

/** The start of JSON that is neither a list nor an object: null, a number, a text in quotes. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
