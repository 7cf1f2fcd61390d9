// The handlers of a worker under test. Once it runs, all functions of the catalogue are called in its own process.
import { createBridgeFunctions } from "../../packages/ffi-bridge/dist/index.js";

const charge = { namespace: "payments", name: "charge", version: "1.0.0" };

export const handlers = { "Payments::ChargeCard": async () => ({ charged: true }) };

/** Prints `answered` and the names of the functions that did; then publishes an event every so often. */
export function started(worker) {
  void answer(worker).then((names) => console.log(`answered ${names.join(" ")}`));
  const timer = setInterval(
    () => void worker.enqueue({ template: charge, stepName: "charge_card" }).catch(() => undefined),
    50,
  );
  // On SIGCONT it declares itself dead, or alive again.
  process.on("SIGCONT", () => {
    worker.context.liveness.report(
      "the test",
      worker.context.liveness.deadReason() === null ? "pool_dead" : null,
    );
    console.log(`liveness ${worker.context.liveness.deadReason()}`);
  });
  const ticks = setInterval(() => console.log("tick"), 100);
  return () => [timer, ticks].forEach(clearInterval);
}

const paramsOf = (name) => {
  if (/^template_/.test(name)) return charge;
  return /^dead_letters_(redrive|purge)$/.test(name) ? { namespace: "payments", all: true } : {};
};

async function answer({ operations }) {
  const names = [];
  for (const [name, call] of Object.entries(createBridgeFunctions(operations))) {
    const answered = await call(paramsOf(name));
    if (answered !== "") names.push(name);
  }
  return names;
}
