export { longestSocketPathBytes, problemOfSocketPath } from "./socket-path.js";
export { readTextFile, type TextFile, type TextFileOptions } from "./text-file.js";
