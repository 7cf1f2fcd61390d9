import { functionOption, parseOptions, textOption } from "@tasker-observability/core/options";
import * as z from "zod/mini";
import { type CustomCheck, readyMadeSettings } from "../checks/custom-check.js";

const httpCheckOptions = z.strictObject({
  /** The URL to GET. No answer contains it. */
  url: textOption("an http:// or https:// URL", isHttpUrl),
  /** Headers to send, such as an API key. @default none */
  headers: z.optional(z.readonly(z.record(z.string(), z.string()))),
  /** Whether a status means healthy. Redirects are not followed. @default 200 to 299 */
  isHealthy: z._default(
    functionOption<(status: number) => boolean>("(status) => boolean"),
    () => isSuccess,
  ),
  ...readyMadeSettings("http"),
});
/** Options of {@link httpCheck}. */
export type HttpCheckOptions = z.input<typeof httpCheckOptions>;

/**
 * Checks a service over HTTP: unhealthy if its status says so, or if no answer comes in time.
 *
 * @example
 * createHealthService({ checks: [httpCheck({ name: "payments", url: "https://payments.internal/health" })] });
 *
 * @throws ObservabilityError INVALID_PARAMS that lists every wrong option.
 */
export function httpCheck(options: HttpCheckOptions): CustomCheck {
  const {
    url,
    headers = {},
    isHealthy,
    ...settings
  } = parseOptions("httpCheck", httpCheckOptions, options);
  return {
    ...settings,
    async run(signal) {
      const { status, body } = await fetch(url, { headers, redirect: "manual", signal });
      // An unread body keeps its connection.
      await body?.cancel();
      return {
        status: isHealthy(status) ? "healthy" : "unhealthy",
        message: `answered ${status}`,
      };
    },
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
