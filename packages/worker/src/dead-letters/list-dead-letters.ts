import type { DeadLettersRequest, ChangeRequest } from "./arguments.js";
import { toJson, toLine } from "./dead-letter-lines.js";
import type { DeadLettersOutput } from "./output.js";
import { type DeadLetterClient, findNamespaces, readDeadLetters } from "./read-dead-letters.js";

/** Prints the dead letters up to the limit, and whether there are more. */
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
    // Reading one more than the limit shows whether there are more.
    for await (const deadLetter of readDeadLetters(
      client,
      { ...request, namespace, limit: request.limit === null ? null : left + 1 },
      { isWhole: json },
    )) {
      if (left === 0) {
        await (json ? note : print)("… there are more: set --limit <n> to show more");
        return;
      }
      await print(json ? toJson(deadLetter) : toLine(deadLetter));
      left -= 1;
    }
  }
}

/** Prints all chosen dead letters. @returns their number. */
export async function printDeadLetters(
  client: DeadLetterClient,
  request: ChangeRequest,
  print: DeadLettersOutput["print"],
): Promise<number> {
  let count = 0;
  for await (const deadLetter of readDeadLetters(client, request, { isWhole: request.json })) {
    await print(request.json ? toJson(deadLetter) : toLine(deadLetter));
    count += 1;
  }
  return count;
}
