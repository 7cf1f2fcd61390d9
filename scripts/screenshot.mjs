// Makes the picture in README.md: the page of a worker through which sample work flows. CHROMIUM names the browser;
// `source .ci/tools.sh; fetch_tools` fetches one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { CHROMIUM: executablePath } = process.env;
if (executablePath === undefined) {
  console.error("NOT RUN: set CHROMIUM to a Chromium, for example with .ci/tools.sh.");
  process.exit(1);
}

const worker = spawn(
  process.execPath,
  ["packages/worker/bin/tasker-worker.js", "--handlers", "examples/sample-worker/handlers.mjs"],
  {
    cwd: root,
    env: {
      ...process.env,
      TASKER_WEB_BIND_ADDRESS: "127.0.0.1:0",
      TASKER_SAMPLE_STEPS_PER_SECOND: "20",
    },
    stdio: ["ignore", "pipe", "ignore"],
  },
);
const stopped = once(worker, "exit");
try {
  await takePicture(await urlOf(worker));
} finally {
  worker.kill();
  await stopped;
}

async function urlOf({ stdout }) {
  let url;
  for await (const line of createInterface(stdout)) {
    url ??= /^http\S+?(?=\/health$)/.exec(line)?.[0];
    if (line === "ready") return url;
  }
  throw new Error("The worker did not become ready.");
}

async function takePicture(url) {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage({ viewport: { width: 1_280, height: 760 } });
    await page.goto(`${url}/`);
    // The lines are worth a look once they are long enough.
    await page.waitForTimeout(45_000);
    await page.screenshot({ path: join(root, "docs", "dashboard.png") });
    console.log("docs/dashboard.png");
  } finally {
    await browser.close();
  }
}
