/**
 * A closed-loop load generator for one URL, in a process of its own: every connection sends its next request when the
 * last one is answered, and every answer's status and body are checked. What comes while this process is still
 * compiling itself is checked and not counted.
 *
 *   node load.mjs '{"port":8081,"path":"/health","body":"^\\{","connections":100,"durationMs":1000}'
 *
 * Prints `{"answers":n,"wrong":n,"counted":n,"durationMs":n,"example":"…"}`: all answers, those of the counted time, its
 * length, and the first wrong answer.
 */
import { connect } from "node:net";

const { port, path, body, connections, durationMs } = JSON.parse(process.argv[2]);
const expected = new RegExp(body);
const request = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: */*\r\n\r\n`;
const warmUpMs = 500;
const result = { answers: 0, wrong: 0, counted: 0, durationMs, example: null };

const lastChunk = "\r\n0\r\n\r\n";

/** The length of the first whole answer in the text; 0 while there is none. */
function lengthOfAnswer(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text);
  if (length === null && /\r\ntransfer-encoding: chunked/i.test(text)) {
    const last = text.indexOf(lastChunk, end);
    return last === -1 ? 0 : last + lastChunk.length;
  }
  const whole = end + 4 + Number(length?.[1] ?? Number.NaN);
  if (Number.isNaN(whole)) throw new Error(`An answer without a length: ${text}`);
  return text.length >= whole ? whole : 0;
}

function countAnswer(text, now) {
  result.answers += 1;
  if (now >= countedFrom) result.counted += 1;
  const isRight =
    text.startsWith("HTTP/1.1 200 ") && expected.test(text.slice(text.indexOf("\r\n\r\n") + 4));
  if (isRight) return;
  result.wrong += 1;
  result.example ??= text;
}

function run() {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let text = "";
    let isOver = false;
    socket.setEncoding("latin1");
    socket.once("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      text += chunk;
      const length = lengthOfAnswer(text);
      if (length === 0) return;
      const now = performance.now();
      if (isOver || now >= deadline) {
        isOver = true;
        socket.destroy();
        return;
      }
      countAnswer(text.slice(0, length), now);
      text = text.slice(length);
      socket.write(request);
    });
    socket.once("error", reject);
    socket.once("close", resolve);
  });
}

const countedFrom = performance.now() + warmUpMs;
const deadline = countedFrom + durationMs;
await Promise.all(Array.from({ length: connections }, run));
console.log(JSON.stringify(result));
