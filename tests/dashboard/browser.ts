import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

const artifacts = fileURLToPath(new URL("../../artifacts/dashboard", import.meta.url));

/** Starts the browser that CHROMIUM names. */
export async function launchBrowser(executablePath = ""): Promise<Browser> {
  // Chromium refuses to run as root with its sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}

export interface OpenOptions {
  /** @default 1280 */
  readonly width?: number;
  /** @default "light" */
  readonly theme?: "light" | "dark";
}

/** A page in a profile of its own, until the test ends. Fails the test for any error in its console that is no answer's status. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1_280, theme = "light" }: OpenOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: theme,
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error.stack)));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });
  await page.goto(url);
  return page;
}

/** The sentence at the top of the page. */
export function sentenceOf(page: Page) {
  return page.getByRole("status").first();
}

export async function waitForSentence(page: Page, pattern: RegExp): Promise<void> {
  await sentenceOf(page).filter({ hasText: pattern }).waitFor();
}

/** Opens a view by its URL, and waits for a text in it. */
export async function openView(page: Page, hash: string, text: string | RegExp): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.getByRole("main").getByText(text).first().waitFor();
}

/** What axe finds that keeps people from using the page, and what is wider than the window. */
export async function problemsOf(page: Page): Promise<readonly string[]> {
  // As in the browser's own console, to which the page's policy does not apply.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  const tooWide = await page.evaluate<number>(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  return [
    ...violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    ...(tooWide > 0 ? [`${tooWide} px wider than the window`] : []),
  ];
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

/** Keeps a picture in a folder that git ignores, to be looked at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  await page.screenshot({ path: `${artifacts}/${name}.png`, fullPage: true });
}
