export { cutText, cutTextToEnd } from "./cut-text.js";
export { secretsIn } from "./find-secrets.js";
export { MASK } from "./finding.js";
export { appendToPath, formatPath, type PathSegment } from "./path.js";
export type { Redacted } from "./redact-value.js";
export type { RedactedError } from "./redact-error.js";
export { RedactionError } from "./redaction-error.js";
export {
  createRedactor,
  type RedactOptions,
  type Redactor,
  type RedactorOptions,
} from "./redactor.js";
export { isSensitiveKey } from "./sensitive-key.js";
