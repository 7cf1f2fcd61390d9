import { createWorker, type StepHandler, type Worker } from "@tasker-observability/worker";
import {
  createTestDatabase,
  startTcpProxy,
  type TcpProxy,
  type TestDatabase,
} from "@tasker-observability/testkit";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  keepPicture,
  launchBrowser,
  openPage,
  openView,
  problemsOf,
  waitForSentence,
} from "./browser.js";

const { CHROMIUM } = process.env;
const key = "a-key-of-the-test";

const done: StepHandler = async () => ({});
const handlers = {
  "Orders::CheckStock": done,
  "Orders::ChargeCustomer": async () => {
    throw new Error("The gateway did not answer.");
  },
  "Orders::HandOver": done,
  "Notifications::SendEmail": done,
};
const order = { namespace: "orders", name: "process_order", version: "1.0.0" };

describe.skipIf(CHROMIUM === undefined)("the page of a live worker", () => {
  let browser: Browser;
  let database: TestDatabase;
  let proxy: TcpProxy;
  let worker: Worker;
  let stopWork: () => void;
  const start = async (options: { readonly port?: number; readonly keys?: boolean } = {}) => {
    const keys = [{ name: "reader", key, rights: ["read" as const] }];
    const started = await createWorker({
      database: proxy.url(database.url),
      handlers,
      http: {
        port: options.port ?? 0,
        writes: true,
        ...(options.keys === true ? { auth: { keys, header: "X-Ops" } } : {}),
      },
      health: { cacheTtlMs: 0 },
    });
    await started.start();
    return started;
  };
  beforeAll(async () => {
    browser = await launchBrowser(CHROMIUM);
    database = await createTestDatabase({ pgmq: true });
    proxy = await startTcpProxy(database.url);
    worker = await start();
    const timer = setInterval(() => {
      const input = { order_id: "order-1", amount: 1 };
      for (const stepName of ["check_stock", "charge_customer"])
        worker.enqueue({ template: order, stepName, input }).catch(() => undefined);
    }, 100);
    stopWork = () => {
      clearInterval(timer);
    };
  });
  afterAll(async () => {
    stopWork();
    await browser.close();
    await worker.stop();
    await proxy.close();
    await database.drop();
  });

  it.each([
    { width: 1_280, theme: "dark" },
    { width: 360, theme: "light" },
  ] as const)("shows each view to everybody at $width px, $theme", async (options) => {
    const page = await openPage(browser, `${worker.url ?? ""}/`, options);
    const problems: string[] = [];
    for (const [hash, text] of [
      ["#/", "Steps a second"],
      ["#/checks", "answered within"],
      ["#/steps", "charge_customer"],
      ["#/templates", "process_order"],
      ["#/templates/orders/process_order/1.0.0", "Orders::HandOver"],
      ["#/configuration", "worker.handlerTimeoutMs"],
      ["#/events", "Events published"],
      ["#/nothing", "This page has no such view."],
    ] as const) {
      await openView(page, hash, text);
      problems.push(...(await problemsOf(page)));
      const name = hash.replaceAll(/\W+/g, "-").slice(1) || "overview";
      await keepPicture(page, `${name}-${options.width}-${options.theme}`);
    }
    expect(problems).toEqual([]);
  });

  it("counts the failures of a handler", async () => {
    const page = await openPage(browser, `${worker.url ?? ""}/#/steps`);
    const row = page.getByRole("row", { name: /charge_customer/ });
    await row
      .getByRole("cell")
      .nth(4)
      .filter({ hasText: /^[1-9]/ })
      .waitFor();
  });

  it("says why the worker is not ready and since when, and that it is ready again", async () => {
    const page = await openPage(browser, `${worker.url ?? ""}/#/checks`);
    await waitForSentence(page, /^Ready/);
    await proxy.cut();
    await waitForSentence(page, /^Not ready: .*database, connection refused/);
    await page.getByText(/^for \d+ s, since/).waitFor();
    await keepPicture(page, "database-cut-1280-light");
    expect(await problemsOf(page)).toEqual([]);
    await proxy.restore();
    await waitForSentence(page, /^Ready/);
    await page
      .getByRole("table", { name: "Changes that this page has seen" })
      .getByRole("row", { name: /database .* unhealthy .*connection refused/ })
      .waitFor();
  });

  it("deletes the dead letters of a real worker, once it has counted and asked", async () => {
    const page = await openPage(browser, `${worker.url ?? ""}/#/dead-letters?namespace=orders`);
    await page.getByRole("cell", { name: "step_failed" }).first().waitFor();
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: "Purge 1 selected" }).click();
    await page.getByText("1 dead letter would be deleted permanently").waitFor();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByText("1 dead letter deleted").waitFor();
  });

  it("asks for a key, keeps it for the tab, and says when it is refused", async () => {
    const guarded = await start({ keys: true });
    onTestFinished(() => guarded.stop());
    const page = await openPage(browser, `${guarded.url ?? ""}/#/configuration`);
    const field = page.getByLabel("API key", { exact: true });
    await field.fill("wrong");
    await waitForSentence(page, /^Ready/);
    await keepPicture(page, "key-1280-light");
    await page.getByRole("button", { name: "Use this key" }).click();
    await page.getByRole("alert").getByText("The worker refused this key.").waitFor();
    expect(await problemsOf(page)).toEqual([]);
    await field.fill(key);
    await page.keyboard.press("Enter");
    await page.getByText("worker.handlerTimeoutMs").waitFor();
    await page.reload();
    await page.getByText("worker.handlerTimeoutMs").waitFor();
    expect(await page.context().cookies()).toEqual([]);
    await page.getByRole("button", { name: "Forget the key" }).click();
    await field.waitFor();
  });

  it("survives a restart of the worker, and says so", async () => {
    const first = await start();
    const port = Number(new URL(first.url ?? "").port);
    const page = await openPage(browser, `${first.url ?? ""}/`);
    await waitForSentence(page, /^Ready/);
    await first.stop();
    await waitForSentence(page, /^The worker does not answer/);
    await page.getByText("What is shown is from").waitFor();
    await keepPicture(page, "worker-away-1280-light");
    const second = await start({ port });
    onTestFinished(() => second.stop());
    await waitForSentence(page, /^Ready/);
    await page.getByRole("row", { name: /worker .* answers silent/ }).waitFor();
  });
});
