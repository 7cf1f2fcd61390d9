import { toPrintableJson } from "@tasker-observability/core";

/** JSON for another program, that does nothing to a terminal either. */
export function formatJson(value: unknown): string {
  return toPrintableJson(JSON.stringify(value, null, 2));
}
