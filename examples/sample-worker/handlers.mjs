// What `npm start` runs: handlers for the templates in config/tasks, and a trickle of steps for them.
import { setTimeout as sleep } from "node:timers/promises";

// Read at once, so that a wrong value ends the start before a database is opened.
const perSecond = stepsPerSecond();

/** The handlers, by the `callable` that the templates name. */
export const handlers = {
  "Orders::CheckStock": async (input, { initialization }) => {
    await sleep(5);
    return { order_id: input.order_id, reserved_in: initialization.warehouse };
  },
  "Orders::ChargeCustomer": async (input, { signal, step }) => {
    await sleep(20, undefined, { signal });
    // One first attempt in fifty fails, and is tried again.
    if (step.attempt === 1 && input.number % 50 === 49)
      throw new Error("The gateway did not answer.");
    return { charged: input.amount };
  },
  "Orders::HandOver": async (input) => ({ order_id: input.order_id, carrier: "sample" }),
  "Notifications::SendEmail": async (input, { initialization }) => {
    await sleep(10);
    return { customer_id: input.customer_id, template: initialization.template_id };
  },
};

const order = { namespace: "orders", name: "process_order", version: "1.0.0" };
const email = { namespace: "notifications", name: "welcome_email", version: "1.0.0" };
const kinds = [
  { template: order, stepName: "check_stock" },
  { template: order, stepName: "charge_customer" },
  { template: order, stepName: "hand_over" },
  { template: email, stepName: "send_email" },
];

/** Called once the worker runs: puts sample steps on its queues until it stops. */
export function started(worker) {
  // Somebody listens: the counts of /metrics/events move.
  worker.subscribe("order.*", () => undefined);
  sayWhatIsNext(worker.url);
  sayHowToUse(process.env.TASKER_OBSERVABILITY_SOCKET ?? "");
  if (perSecond === 0) return undefined;
  let number = 0;
  const timer = setInterval(() => {
    const kind = kinds[number % kinds.length];
    const input = {
      number,
      order_id: `order-${number}`,
      customer_id: `customer-${number}`,
      amount: 10 + (number % 90),
    };
    number += 1;
    // A database that is away for a while costs samples, not the worker.
    worker.enqueue({ ...kind, input }).catch(() => undefined);
  }, 1_000 / perSecond);
  return () => clearInterval(timer);
}

function sayWhatIsNext(url) {
  const message = JSON.stringify({
    step_id: "my-first",
    template: order,
    step_name: "check_stock",
    input: { order_id: "order-17" },
  });
  const send = `psql "$DATABASE_URL" -c "select pgmq.send('orders_queue', '${message.replaceAll('"', '\\"')}')"`;
  console.log(`
Open:  ${url === null ? "no port is open" : `${url}/health/detailed and ${url}/metrics`}
Steps: ${perSecond === 0 ? "none come by themselves" : `${perSecond} a second come by themselves`}
Send:  ${process.env.DATABASE_URL ? send : "with DATABASE_URL set, this line shows how to send one"}
Read:  docs/first-worker.md
`);
}

function sayHowToUse(socket) {
  if (socket === "") return;
  const environment = `TASKER_OBSERVABILITY_SOCKET='${socket.replaceAll("'", "'\\''")}'`;
  console.log(`socket ${socket}
${environment} ruby -I clients/ruby/lib -r tasker_core -e 'puts TaskerCore::Observability.ready?'   # needs the gem dry-types: gem install dry-types
${environment} PYTHONPATH=clients/python python3 -c 'import os, tasker_observability as t; print(t.Observability(os.environ["TASKER_OBSERVABILITY_SOCKET"]).ready())'`);
}

function stepsPerSecond() {
  const text = process.env.TASKER_SAMPLE_STEPS_PER_SECOND ?? "5";
  const perSecond = Number(text);
  if (text.trim() === "" || !(perSecond >= 0 && perSecond <= 1_000))
    throw new Error("TASKER_SAMPLE_STEPS_PER_SECOND must be a number from 0 to 1000.");
  return perSecond;
}
