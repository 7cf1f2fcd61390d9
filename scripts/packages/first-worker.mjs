import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkImage } from "./images.mjs";
import { install, managers, readInstallLine } from "./install.mjs";
import { askUntil, inTwos, run, start } from "./processes.mjs";
import { freePort } from "./programs.mjs";
import { difference } from "./readme-cases.mjs";
import { report } from "./report.mjs";
import { root } from "./tarballs.mjs";

const page = readFileSync(join(root, "docs/first-worker.md"), "utf8");
const hasPsql = spawnSync("psql", ["--version"]).status === 0;
const lineMs = 30_000;

/** Every line of docs/first-worker.md, in its order, in an empty folder: by each package manager, from the tarballs. */
export async function checkFirstWorker(source, work, databases) {
  await inTwos(managers, async (manager) => {
    const home = join(work, `first-worker-${manager}`);
    mkdirSync(home);
    await install(manager, home, { private: true, dependencies: readInstallLine(page) }, source);
    const port = await freePort();
    const follower = new Follower({
      what: `docs/first-worker.md by ${manager}`,
      home,
      port,
      env: {
        DATABASE_URL: await databases.createEmpty(`first-worker-${manager}`),
        TASKER_WEB_BIND_ADDRESS: `127.0.0.1:${port}`,
        PATH: `${join(home, "node_modules/.bin")}:${process.env.PATH}`,
      },
    });
    await follower.follow(readBlocks());
    await checkImage({
      what: `docs/first-worker.md by ${manager}: its image`,
      context: home,
      env: await dockerRunEnv(() => databases.createEmpty(`first-worker-image-${manager}`)),
    });
  });
}

/** The variables that the page gives to `docker run`. */
async function dockerRunEnv(createDatabase) {
  const [, line = ""] = /^docker run (.*)$/m.exec(page) ?? [];
  const env = {};
  for (const [, name, value] of line.matchAll(/-e (\w+)(?:=(\S+))?/g))
    env[name] = name === "DATABASE_URL" ? await createDatabase() : value;
  return env;
}

/** The blocks of code before the deployment: language, what is said behind it, and text. */
function readBlocks() {
  const [walk] = page.split("\n## Deploy it\n");
  return [...walk.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```/gm)].map(
    ([, language, note = "", text]) => ({ language, note, text }),
  );
}

/** Does what the page says, and compares what is printed with what the page says. */
class Follower {
  #home;
  #env;
  #port;
  #what;
  #worker = null;
  /** How much of the worker's output the page has had. */
  #seen = 0;
  #printed = null;
  #sent = true;

  constructor({ what, home, port, env }) {
    this.#what = what;
    this.#home = home;
    this.#port = port;
    this.#env = env;
  }

  async follow(blocks) {
    try {
      for (const block of blocks) await this.#do(block);
      report(this.#what, null);
    } catch (error) {
      report(this.#what, `${error.message}\n${this.#output()}`);
    } finally {
      await this.#stop();
    }
  }

  async #do({ language, note, text }) {
    const [kind, file] = note.split("=");
    if (language === "sh") await this.#run(kind, this.#here(text));
    else if (kind === "file") writeFileSync(join(this.#home, file), text);
    else if (kind === "shows") this.#expect(text, readFileSync(join(this.#home, file), "utf8"));
    else if (kind === "worker") await this.#waitFor(this.#here(text));
    else if (this.#printed !== null) {
      this.#expect(text, this.#printed);
      this.#printed = null;
    }
  }

  async #run(kind, text) {
    if (kind === "install") return;
    this.#sent = kind !== "psql" || hasPsql;
    if (!this.#sent) return console.log("NOT RUN: psql");
    if (kind === "start") {
      await this.#stop();
      // Ctrl-C reaches the worker too; a signal to npx alone does not.
      const direct = text.replace(/^npx /, "exec ");
      this.#worker = start("sh", ["-c", direct], { cwd: this.#home, env: this.#env });
      return;
    }
    const { status, stdout, stderr } = await run("sh", ["-ec", text], {
      cwd: this.#home,
      env: this.#env,
    });
    if (status !== 0) throw new Error(`${text}exited with ${status}:\n${stdout}\n${stderr}`);
    this.#printed = kind === "psql" ? null : stdout;
  }

  /** Waits until the worker has printed these lines, one after the other; an ellipsis stands for anything. */
  async #waitFor(text) {
    if (!this.#sent) return;
    const pattern = new RegExp(
      text
        .trimEnd()
        .split("…")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("[^]*?"),
      "g",
    );
    const hasPrinted = () => {
      pattern.lastIndex = this.#seen;
      return pattern.test(this.#output());
    };
    if (!(await askUntil(hasPrinted, Boolean, lineMs)))
      throw new Error(`The worker did not print\n${text}`);
    this.#seen = pattern.lastIndex;
  }

  #expect(text, printed) {
    const problem = difference(text, printed);
    if (problem !== null) throw new Error(problem.replace("The README", "The page"));
  }

  /** The page's port is the default; two of these run at once. */
  #here(text) {
    return text.replaceAll(":8081", `:${this.#port}`);
  }

  #output() {
    return this.#worker === null ? "" : this.#worker.output;
  }

  async #stop() {
    if (this.#worker === null) return;
    this.#worker.kill();
    const status = await this.#worker.exited;
    if (status !== 0) report(`${this.#what}: the worker stops`, `It exited with ${status}.`);
    this.#worker = null;
    this.#seen = 0;
  }
}
