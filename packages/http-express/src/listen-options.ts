import {
  givenOptions,
  isListenHost,
  nameProblems,
  numberProblems,
} from "@tasker-observability/core/options";

/** Where a listener opens its port. */
export interface ListenOptions {
  /** An IP address or a host name; `0.0.0.0` and `::` are all interfaces. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** From 0 to 65535; 0 is any free port. */
  readonly port: number;
}

/** Where a listener opens its port unless told otherwise: only this machine reaches it. */
export const defaultHost = "127.0.0.1";

const listenNames: Readonly<Record<keyof ListenOptions, true>> = { host: true, port: true };

/** Says what is wrong with the options of `listen`. */
export function listenProblems(options: unknown): readonly string[] {
  const { host = defaultHost, port = null } = givenOptions(options);
  return [
    ...nameProblems("listen", options, Object.keys(listenNames)),
    ...(isListenHost(host)
      ? []
      : [
          `host must be an IP address or a host name, without a port; leave it out for ${defaultHost}.`,
        ]),
    ...numberProblems("port", port, { least: 0, most: 65_535 }),
  ];
}
