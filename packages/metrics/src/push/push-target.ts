import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { toSafeCause, withDeadline } from "@tasker-observability/core";
import { type PrometheusContentType, Pushgateway, Registry } from "prom-client";
import { PROMETHEUS_TEXT } from "../media-types.js";
import type { ResolvedPushOptions } from "./push-options.js";

/** One group of a Pushgateway. A failure is reported as a word without any part of the address. */
export interface PushTarget {
  /** Replaces the group's metrics with the current ones. @returns why it failed, or null. */
  push(): Promise<string | null>;
  /** Removes the group. @returns why it failed, or null. */
  delete(): Promise<string | null>;
}

/** The group that the options name. */
export function createPushTarget({
  service,
  url,
  timeoutMs,
  jobName,
  ...options
}: ResolvedPushOptions): PushTarget {
  const address = new URL(url).href.replace(/\/+$/, "");
  const { clock, identity } = service.context;
  const groupings = toGroupings(options.groupings ?? { instance: identity.workerId });
  const gatewayFor = (text: string, signal: AbortSignal): Pushgateway<PrometheusContentType> =>
    new Pushgateway(
      address,
      { signal, headers: { "Content-Type": PROMETHEUS_TEXT } },
      new WrittenRegistry(text),
    );
  // The request alone is not enough: it never settles if the answer breaks off.
  const within = (run: (signal: AbortSignal) => Promise<string | null>): Promise<string | null> =>
    withDeadline((signal) => run(signal).catch(toReason), {
      clock,
      timeoutMs,
      keepsProcessAlive: true,
      onGiveUp: () => `timeout after ${timeoutMs} ms`,
    });
  return {
    push: () =>
      within(async (signal) => {
        const text = await service.prometheusFormat({ budgetMs: timeoutMs });
        return toRefusal(await gatewayFor(text, signal).push({ jobName, groupings }));
      }),
    delete: () =>
      within(async (signal) =>
        toRefusal(await gatewayFor("", signal).delete({ jobName, groupings })),
      ),
  };
}

/** prom-client's client reads only the text of its registry, and ours is already written. */
class WrittenRegistry extends Registry {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override async metrics(): Promise<string> {
    return this.#text;
  }
}

/** prom-client treats a redirect as success. Do not follow it: it could send the url's user-info to another host. */
function toRefusal({ resp }: { readonly resp?: unknown }): string | null {
  const { statusCode: status = 0 } = resp as Pick<IncomingMessage, "statusCode">;
  return status >= 200 && status < 300 ? null : `status ${status}`;
}

/** prom-client's message contains the gateway's answer, and a proxy's answer may contain anything: the status is enough. */
function toReason(error: unknown): string {
  const status =
    error instanceof Error ? /^push failed with status (\d+)/.exec(error.message)?.[1] : undefined;
  if (status !== undefined) return `status ${status}`;
  const { name, code } = toSafeCause(error);
  return code ?? name;
}

/** The gateway names a group by a path, which takes values in base64 if a path cannot contain them. */
function toGroupings(groupings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groupings).map(([name, value]) => {
      if (/^[\w.-]+$/.test(value) && !/^\.+$/.test(value)) return [name, value];
      return [`${name}@base64`, value === "" ? "=" : Buffer.from(value).toString("base64url")];
    }),
  );
}
