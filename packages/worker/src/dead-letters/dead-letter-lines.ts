import { toPrintableJson } from "@tasker-observability/core";
import type { DeadLetterRow } from "./read-dead-letters.js";

/** What a terminal obeys, is led astray by or breaks a line at; format characters turn the order of what follows about. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** One line for whoever looks. */
export function toLine({
  namespace,
  msg_id,
  dead_lettered_at,
  attempts,
  step_id,
  step,
  code,
  reason,
}: DeadLetterRow): string {
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
  // Whatever a message says, a letter is one line and no terminal obeys it.
  return words.join(" ").replace(unprintable, " ");
}

/** The letter's own text, so that no number loses its digits on the way; what is unprintable stands escaped in its strings. */
export function toJson({ namespace, msg_id, text }: DeadLetterRow): string {
  return `{"namespace":${JSON.stringify(namespace)},"msg_id":${JSON.stringify(msg_id)},"letter":${toPrintableJson(text ?? "null")}}`;
}
