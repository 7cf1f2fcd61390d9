import { isListenHost, textOption, wholeNumberOption } from "@tasker-observability/core/options";
import * as z from "zod";

export const listenOptionsSchema = z.strictObject({
  /** An IP address or a host name; `0.0.0.0` and `::` mean all interfaces. @default "127.0.0.1" */
  host: z._default(
    textOption(
      "an IP address or a host name, without a port; leave it out for 127.0.0.1",
      isListenHost,
    ),
    "127.0.0.1",
  ),
  /** From 0 to 65535; 0 takes a free port. */
  port: wholeNumberOption(0, 65_535),
});
/** Where a listener opens its port. */
export type ListenOptions = z.input<typeof listenOptionsSchema>;
