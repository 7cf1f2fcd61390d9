/**
 * What one writes in an afternoon without a worker: read 100 messages, run them, archive them in one statement. No attempts,
 * no fences, no events, no renewal: a message whose process dies is read again after half a minute.
 */
import { connect, queueOf } from "../bench-database.mjs";

export { prepareSide } from "./ours.mjs";
export const name = "bare loop";

const batch = 100;
/** Of many queues so many are read by one statement. */
const queuesARead = 10;

/** Opens a loop that has two connections. @param overlaps the next batch is read, and the one before archived, while one runs */
export async function openSide({ url, namespaces, concurrency, handler, overlaps = false }) {
  const reader = await connect(url);
  const writer = await connect(url);
  const read = createReader(reader, namespaces.map(queueOf));
  let running;
  return {
    begin: async () => {
      running = (overlaps ? loopOverlapped : loop)({
        read,
        archive: (rows) => archive(writer, rows),
        run: (rows) => runAll(rows, concurrency, handler),
      });
    },
    settled: () => running,
    close: () => Promise.all([reader.end(), writer.end()]),
  };
}

async function loop({ read, run, archive }) {
  for (let rows = await read(); rows.length > 0; rows = await read()) {
    await run(rows);
    await archive(rows);
  }
}

async function loopOverlapped({ read, run, archive }) {
  let archived;
  let next = read();
  for (;;) {
    const rows = await next;
    if (rows.length === 0) break;
    next = read();
    await run(rows);
    await archived;
    archived = archive(rows);
  }
  await archived;
}

/** Reads the queues in turn, until a whole turn has found nothing. */
function createReader(client, queues) {
  const groups = [];
  for (let first = 0; first < queues.length; first += queuesARead)
    groups.push(queues.slice(first, first + queuesARead));
  let turn = 0;
  return async () => {
    for (let looked = 0; looked < groups.length; looked += 1) {
      const group = groups[turn];
      const { rows } = await client.query({
        name: "read",
        text: `select name, msg_id, message
                 from unnest($1::text[]) as name cross join lateral pgmq.read(name, 30, $2::int)`,
        values: [group, Math.ceil(batch / group.length)],
      });
      if (rows.length > 0) return rows;
      turn = (turn + 1) % groups.length;
    }
    return [];
  };
}

async function archive(client, rows) {
  const ids = new Map();
  for (const { name, msg_id } of rows) {
    if (!ids.has(name)) ids.set(name, []);
    ids.get(name).push(msg_id);
  }
  await client.query({
    name: "archive",
    text: `select pgmq.archive(name, ids) from json_to_recordset($1::json) as done(name text, ids bigint[])`,
    values: [JSON.stringify([...ids].map(([queue, of]) => ({ name: queue, ids: of })))],
  });
}

/** Runs all, so many at a time. */
export async function runAll(items, concurrency, handler) {
  let next = 0;
  const runner = async () => {
    while (next < items.length) {
      const item = items[next];
      next += 1;
      await handler(item.message.input);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, runner));
}
