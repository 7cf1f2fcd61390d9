import { cutText } from "./cut-text.js";

/** Options of {@link createRedactor}; all have a default. */
export interface RedactorOptions {
  /**
   * Known secrets to mask wherever they appear, with or without surrounding blanks and line breaks, and the passwords
   * in those that are URLs. Those shorter than 8 characters are ignored. @default none
   */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Checks by hand, where other packages have a schema: this one has no dependencies.
 *
 * @throws TypeError that lists every wrong option, and contains no secret.
 */
export function assertRedactorOptions(options: unknown): void {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new TypeError(problems.join(" "));
}

function problemsOf(options: unknown): readonly string[] {
  if (typeof options !== "object" || options === null)
    return ["createRedactor takes an object with the option secrets."];
  const { secrets = [], ...others } = options as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(others).map(
    (name) =>
      `Unknown option ${JSON.stringify(cutText(name, 64))} of createRedactor. It takes secrets.`,
  );
  // One string would be read as its characters, each too short to be masked.
  if (!Array.isArray(secrets)) return [...unknown, "secrets must be an array of strings."];
  const wrong = [...(secrets as unknown[]).entries()].filter(
    ([, secret]) => typeof secret !== "string",
  );
  return [...unknown, ...wrong.map(([index]) => `secrets[${index}] must be a string.`)];
}
