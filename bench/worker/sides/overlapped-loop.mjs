/** The bare loop at its best: while one batch runs, the next is read and the one before is archived. */
import { openSide as openLoop } from "./bare-loop.mjs";

export { prepareSide } from "./bare-loop.mjs";
export const name = "bare loop, overlapped";

export function openSide(options) {
  return openLoop({ ...options, overlaps: true });
}
