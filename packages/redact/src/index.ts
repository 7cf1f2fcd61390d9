export { type ClassMarker, createClassMarker } from "./class-marker.js";
export { cutText, cutTextToEnd } from "./cut-text.js";
export { secretsIn } from "./detect/find-secrets.js";
export { MASK } from "./detect/finding.js";
export { appendToPath, formatPath, type PathSegment } from "./path.js";
export type { Redacted } from "./redact-value.js";
export {
  createRedactor,
  type RedactedError,
  RedactionError,
  type RedactOptions,
  type Redactor,
} from "./redactor.js";
export { isSensitiveKey } from "./keys/sensitive-key.js";
export type { RedactorOptions } from "./redactor-options.js";
