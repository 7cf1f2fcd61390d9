import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  keepPicture,
  launchBrowser,
  openPage,
  openView,
  problemsOf,
  waitForSentence,
} from "./browser.js";
import * as sample from "./sample-answers.js";
import { Refusal, startStandIn } from "./stand-in.js";

const { CHROMIUM } = process.env;

describe.skipIf(CHROMIUM === undefined)("the page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(CHROMIUM);
  });
  afterAll(() => browser.close());

  const start = (isWritable = true) => {
    let depth = 100;
    return startStandIn(
      {
        "GET /health/detailed": () => sample.health(),
        "GET /queues": () => sample.queues((depth += 5_000)),
        "GET /steps/running": sample.runningSteps,
        "GET /dead-letters": () => sample.deadLetters(),
        "POST /dead-letters/redrive": () => ({ count: 2, missing_ids: [] }),
        "POST /dead-letters/purge": () => ({ count: 1, missing_ids: ["88"] }),
        "POST /worker/pause": () => ({ state: "paused" }),
        "GET /fleet": sample.fleet,
        "GET /templates": sample.templates,
      },
      isWritable,
    );
  };

  it.each([
    { width: 1_280, theme: "light" },
    { width: 360, theme: "dark" },
  ] as const)("shows work and fleet to everybody at $width px, $theme", async (options) => {
    const { url } = await start();
    const page = await openPage(browser, url, options);
    const problems: string[] = [];
    for (const [hash, text] of [
      ["#/queues", /^≈/],
      ["#/steps", "overdue"],
      ["#/dead-letters", "step_timeout"],
      ["#/fleet", "Several workers have one id: worker-7"],
      ["#/templates", "10,000 templates"],
    ] as const) {
      await openView(page, hash, text);
      problems.push(...(await problemsOf(page)));
      await keepPicture(page, `${hash.slice(2)}-${options.width}-${options.theme}`);
    }
    expect(problems).toEqual([]);
  });

  it("puts back what is selected, once it has counted and asked", async () => {
    const { url, requests } = await start();
    const page = await openPage(browser, `${url}#/dead-letters`);
    const button = page.getByRole("button", { name: /^Redrive/ });
    expect(await button.isDisabled()).toBe(true);
    await page.getByRole("checkbox", { name: "orders 90" }).check();
    await page.getByRole("checkbox", { name: "orders 89" }).check();
    await button.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("2 dead letters would go back to the queue").waitFor();
    const choice = { namespace: "orders", ids: "90,89" };
    const sent = () => requests.filter(({ line }) => line === "POST /dead-letters/redrive");
    expect(sent().map(({ params }) => params)).toEqual([{ ...choice, dry_run: "true" }]);
    expect(await problemsOf(page)).toEqual([]);
    await keepPicture(page, "redrive-1280-light");
    await dialog.getByRole("button", { name: "Redrive", exact: true }).click();
    await dialog.getByText("2 dead letters went back to the queue").waitFor();
    expect(sent().at(-1)?.params).toEqual(choice);
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "hidden" });
  });

  it("purges nothing when the question is left with Escape", async () => {
    const { url, requests } = await start();
    const page = await openPage(browser, `${url}#/dead-letters?namespace=orders`);
    await page.getByRole("button", { name: "Purge all of orders" }).click();
    await page.getByText("1 dead letter would be deleted permanently").waitFor();
    await page.getByText("88").first().waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    expect(
      requests.filter(({ line }) => line.endsWith("/purge")).map(({ params }) => params),
    ).toEqual([{ namespace: "orders", all: "true", dry_run: "true" }]);
  });

  it("disables writes that the worker does not offer, and says what would permit them", async () => {
    const { url } = await start(false);
    const page = await openPage(browser, `${url}#/dead-letters?namespace=orders`);
    await page.getByText("worker.web.endpoints.work_writes_enabled").waitFor();
    for (const name of [/^Redrive/, /^Purge/])
      expect(await page.getByRole("button", { name }).isDisabled()).toBe(true);
    expect(await page.getByRole("button", { name: /^Pause/ }).count()).toBe(0);
  });

  it("says why a write was refused", async () => {
    const { url, answers } = await start();
    answers.set(
      "POST /worker/pause",
      () => new Refusal(403, "forbidden", "This key may only read."),
    );
    const page = await openPage(browser, url);
    await page.getByRole("button", { name: "Pause …" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("alert").getByText("This key may only read.").waitFor();
  });

  it("finds one of 10 000 templates, and pages 1 000 workers by state", async () => {
    const { url } = await start();
    const page = await openPage(browser, `${url}#/templates`);
    await page.getByText("10,000 templates").waitFor();
    await page.getByRole("searchbox", { name: "Find" }).fill("order_9999");
    await page.getByText("1 template", { exact: true }).waitFor();
    await page.getByRole("link", { name: "order_9999" }).waitFor();
    await openView(page, "#/fleet", "1–100 of 1,000");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText("101–200 of 1,000").waitFor();
    await page.getByLabel("State").selectOption("lost");
    await page.getByRole("rowheader", { name: /^worker-99 / }).waitFor();
    expect(page.url()).toContain("#/fleet?state=lost");
    expect(await page.getByRole("row").count()).toBe(11);
  });

  it("asks one request at a time for each path, and none while its tab is hidden", async () => {
    const { url, requests, answers, mostAtOnce } = await start();
    const page = await openPage(browser, url);
    await waitForSentence(page, /Ready/);
    let release: () => void = () => undefined;
    const isAsked = new Promise<void>((asked) => {
      answers.set("GET /health/detailed", async () => {
        asked();
        await new Promise<void>((resolve) => (release = resolve));
        return sample.health();
      });
    });
    await isAsked;
    await setHidden(page, true);
    const before = requests.length;
    release();
    answers.set("GET /health/detailed", () => sample.health());
    // Longer than every interval but the slowest, by the page's own clock.
    await page.clock.install();
    await page.clock.fastForward(20_000);
    expect(requests.length).toBe(before);
    await setHidden(page, false);
    await page.waitForResponse(/health\/detailed/);
    expect(mostAtOnce()).toBe(1);
  });

  it("says that the worker restarted", async () => {
    const { url, answers } = await start();
    const page = await openPage(browser, `${url}#/checks`);
    await waitForSentence(page, /Ready/);
    answers.set("GET /health/detailed", () => sample.health(1));
    await page.getByRole("banner").getByText("The worker restarted at").waitFor();
    await page.getByRole("row", { name: /restarted/ }).waitFor();
  });

  it("can be used with the keyboard alone", async () => {
    const { url } = await start();
    const page = await openPage(browser, url);
    await waitForSentence(page, /Ready/);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the view");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Overview");
    for (let presses = 0; (await focused(page)) !== "Fleet" && presses < 30; presses += 1)
      await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("1–100 of 1,000").waitFor();
    expect(await focused(page)).toBe("Fleet");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  });
});

function focused(page: Page): Promise<string> {
  return page.evaluate<string>("document.activeElement.textContent");
}

async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, "hidden", { configurable: true, get: () => ${isHidden} });
     document.dispatchEvent(new Event("visibilitychange"));`,
  );
}
