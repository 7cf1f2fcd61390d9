import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { query } from "./databases.mjs";
import { buildImage } from "./dockerfile.mjs";
import { install, readInstallLine } from "./install.mjs";
import { askUntil, start } from "./processes.mjs";
import { freePort } from "./programs.mjs";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

const longestWaitMs = 30_000;

/** The Dockerfile of examples/deployment, with the packages that its README installs. */
export async function checkDeploymentImage(source, work, databases) {
  const context = join(work, "deployment");
  cpSync(join(root, "examples/deployment"), context, { recursive: true });
  const dependencies = readInstallLine(readFileSync(join(context, "README.md"), "utf8"));
  await install("npm", context, { private: true, dependencies }, source);
  await checkImage({
    what: "examples/deployment's image",
    context,
    env: { DATABASE_URL: await databases.createEmpty("deployment-image") },
  });
}

/**
 * Builds the image of a folder, starts it with the variables of `docker run`, lets it run a step, and asks its health
 * check: yes while the worker runs, no once SIGTERM has stopped it. The worker writes nothing into its own folder.
 */
export async function checkImage({ what, context, env }) {
  try {
    report(what, await problemOfImage(context, env));
  } catch (error) {
    report(what, error.message);
  }
}

async function problemOfImage(context, env) {
  const port = await freePort();
  // Beside the context, so that the lock file's relative paths lead to the tarballs there too.
  const places = { "/app": "app", "/opt/orders": "opt", "/run/orders": "run" };
  const place = (text) =>
    Object.entries(places)
      .reduce((placed, [path, name]) => placed.replaceAll(path, `${context}-${name}`), text)
      .replaceAll(":8081", `:${port}`);
  const work = `${context}-image`;
  mkdirSync(work);
  const image = await buildImage({ context, work, place });
  if (image.user === "root") return "The image runs its worker as root.";
  const before = filesOf(image.folder);
  const options = { cwd: image.folder, env: { ...image.env, ...env } };
  const worker = startProgram(image.command, options);
  const isReady = await askUntil(() => /^ready$/m.test(worker.stdout), Boolean, longestWaitMs);
  const hasRun = isReady && (await runsStep(env.DATABASE_URL));
  const whileRunning = await exitCode(image.healthCheck, options);
  worker.kill();
  const status = await worker.exited;
  const afterwards = await exitCode(image.healthCheck, options);
  const written = filesOf(image.folder).filter((file) => !before.includes(file));
  return hasRun && whileRunning === 0 && status === 0 && afterwards === 1 && written.length === 0
    ? null
    : `ready: ${isReady}; step: ${hasRun}; health check ${whileRunning}, then ${afterwards}; exited with ${status}; wrote [${written}]\n${worker.output}`;
}

const step =
  '{"step_id": "1", "template": {"namespace": "orders", "name": "fulfill", "version": "1.0.0"}, "step_name": "ship", "input": {"order_id": 17}}';

/** Whether a step is completed: archived, and no dead letter. */
async function runsStep(url) {
  await query(url, `select pgmq.send('orders_queue', '${step}')`);
  const counts = `select (select count(*)::int from pgmq.a_orders_queue) as ended, (select count(*)::int from pgmq.q_orders_dead_letter) as dead`;
  const ask = async () => (await query(url, counts))[0];
  const { ended, dead } = await askUntil(ask, (answer) => answer.ended === 1, longestWaitMs);
  return ended === 1 && dead === 0;
}

function startProgram([command, ...args], options) {
  return command === "node"
    ? start(process.execPath, args, options)
    : start(join(options.cwd, command), args, options);
}

async function exitCode(command, options) {
  return startProgram(command, options).exited;
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true });
}
