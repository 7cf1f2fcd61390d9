import { toPrintable, toPrintableJson } from "@tasker-observability/core";
import type { DeadLetterSummary } from "./read-dead-letters.js";

/** One line for people. */
export function toLine({
  namespace,
  msg_id,
  dead_lettered_at,
  attempts,
  step_id,
  step,
  code,
  reason,
}: DeadLetterSummary): string {
  const words = [
    namespace,
    msg_id,
    dead_lettered_at ?? "-",
    `attempts=${attempts ?? "-"}`,
    step === null || step === "" ? "-" : step,
    step_id ?? "-",
    `${code ?? "-"}:`,
    reason ?? "-",
  ];
  return toPrintable(words.join(" "));
}

/** One line of JSON. It contains the stored text, so that numbers keep all digits; unprintable characters are escaped. */
export function toJson({ namespace, msg_id, message_json }: DeadLetterSummary): string {
  return `{"namespace":${JSON.stringify(namespace)},"msg_id":${JSON.stringify(msg_id)},"letter":${toPrintableJson(message_json ?? "null")}}`;
}
