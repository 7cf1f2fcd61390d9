import { toPrintableJson } from "@tasker-observability/core";

/** JSON for another program, safe to print on a terminal. */
export function formatJson(value: unknown): string {
  return toPrintableJson(JSON.stringify(value, null, 2));
}
