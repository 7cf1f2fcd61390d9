import { cutText } from "./cut-text.js";

/** Options of {@link createRedactor}; all have a default. */
export interface RedactorOptions {
  /**
   * Values that are known to be secret, to be masked wherever they appear, and the passwords in those that are URLs;
   * what is under 8 characters is ignored. Blanks and line breaks around one need not stand there too. @default none
   */
  readonly secrets?: readonly string[] | undefined;
}

/**
 * Checks by hand what other packages have a schema for: this one has no dependencies.
 *
 * @throws TypeError that lists everything wrong with the options, and contains no secret.
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
  // One string would be taken for its characters, each too short to be masked.
  if (!Array.isArray(secrets)) return [...unknown, "secrets must be an array of strings."];
  const wrong = [...(secrets as unknown[]).entries()].filter(
    ([, secret]) => typeof secret !== "string",
  );
  return [...unknown, ...wrong.map(([index]) => `secrets[${index}] must be a string.`)];
}
