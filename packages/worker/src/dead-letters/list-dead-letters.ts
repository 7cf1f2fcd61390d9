import type { DeadLettersRequest, ChangeRequest } from "./arguments.js";
import { toJson, toLine } from "./dead-letter-lines.js";
import type { DeadLettersOutput } from "./output.js";
import { type DeadLetterClient, findNamespaces, readDeadLetters } from "./read-dead-letters.js";

/** Prints as many letters as were asked for, and tells whether there are more. */
export async function listDeadLetters(
  client: DeadLetterClient,
  request: DeadLettersRequest,
  { print, note }: DeadLettersOutput,
): Promise<void> {
  const { json } = request;
  let left = request.limit ?? Number.POSITIVE_INFINITY;
  for (const namespace of request.namespace === null
    ? await findNamespaces(client)
    : [request.namespace]) {
    // One more than is shown tells whether there are more.
    for await (const letter of readDeadLetters(
      client,
      { ...request, namespace, limit: request.limit === null ? null : left + 1 },
      { isWhole: json },
    )) {
      if (left === 0) {
        await (json ? note : print)("… there are more: --limit <n> says how many are shown");
        return;
      }
      await print(json ? toJson(letter) : toLine(letter));
      left -= 1;
    }
  }
}

/** Prints all chosen letters. @returns how many there are. */
export async function printDeadLetters(
  client: DeadLetterClient,
  request: ChangeRequest,
  print: DeadLettersOutput["print"],
): Promise<number> {
  let count = 0;
  for await (const letter of readDeadLetters(client, request, { isWhole: request.json })) {
    await print(request.json ? toJson(letter) : toLine(letter));
    count += 1;
  }
  return count;
}
