// An application that runs the worker inside.
import { createWorker, toWorkerOptions } from "../../packages/worker/dist/index.js";
import { handlers, started } from "./answer-all.mjs";

const owned = [
  "SIGTERM",
  "SIGINT",
  "SIGUSR2",
  "SIGCONT",
  "uncaughtException",
  "unhandledRejection",
];

const worker = await createWorker({ ...toWorkerOptions(), handlers });
await worker.start();
console.log(
  `handlers of ours: ${owned.filter((event) => process.listenerCount(event) > 0).join(" ")}`,
);
const stopStarted = started(worker);
process.once("SIGTERM", async () => {
  stopStarted();
  await worker.stop();
  process.exit();
});
