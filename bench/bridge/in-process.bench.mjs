/**
 * How much of the speed of the barest imaginable function do the facade and the JSON functions keep?
 *
 *   npm run bench -- bridge/in-process
 */
import {
  createBridgeFunctions,
  createObservability,
  createWorkerContext,
} from "../../packages/ffi-bridge/dist/index.js";
import { claimAtLeast } from "../claim.mjs";
import { sideBySide } from "./side-by-side.mjs";

const observability = createObservability({
  context: createWorkerContext({ workerId: "bench-1" }),
});
const functions = createBridgeFunctions(observability.operations);

async function byHand() {
  return Object.freeze({
    status: "healthy",
    timestamp: new Date().toISOString(),
    worker_id: "bench-1",
  });
}

async function jsonByHand() {
  return JSON.stringify(await byHand());
}

const rates = await sideBySide({
  facade: () => observability.healthBasic(),
  byHand,
  json: () => functions.health_basic(),
  jsonByHand,
});
claimAtLeast(
  "facade healthBasic() against an async function that builds and freezes the same object",
  rates.facade / rates.byHand,
  0.7,
);
claimAtLeast(
  "health_basic() against the same with JSON.stringify",
  rates.json / rates.jsonByHand,
  0.7,
);
