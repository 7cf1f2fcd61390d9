import { createServer } from "node:net";
import { join } from "node:path";
import { askUntil, inTwos, run, start } from "./processes.mjs";
import { report } from "./report.mjs";
import { difference } from "./readme-cases.mjs";

/**
 * @typedef {object} Program - an example in its folder, and what its README says of it.
 * @property {string} what
 * @property {string} home
 * @property {string} [runner] - what runs the file; Node unless given
 * @property {string} file
 * @property {string} url - of its database
 * @property {{ stopped: boolean, text: string, exitCode: number }[]} cases
 * @property {{ path: string, status: number, stoppedStatus: number }[]} answers - of one that serves
 */

/** Runs all programs with their databases up, and again with them stopped. */
export async function checkPrograms(programs, databases) {
  const [serving, printing] = [
    programs.filter(({ answers }) => answers.length > 0),
    programs.filter(({ answers }) => answers.length === 0),
  ];
  await inTwos(printing, (program) => checkPrinted(program, false));
  const served = await inTwos(serving, checkServed);
  await databases.stop();
  await inTwos(served, (goOn) => goOn());
  await inTwos(printing, (program) => checkPrinted(program, true));
}

/** Runs it, its database up or stopped, and compares what it prints with what the README says. */
async function checkPrinted({ what, home, runner = process.execPath, file, url, cases }, stopped) {
  for (const { text, exitCode } of cases.filter((one) => one.stopped === stopped)) {
    const { status, stdout, stderr } = await run(runner, [file], {
      cwd: home,
      env: {
        DATABASE_URL: url,
        PATH: `${join(home, "node_modules/.bin")}:${process.env.PATH}`,
      },
    });
    const problem =
      status === exitCode
        ? difference(text, stdout)
        : `It exited with ${status}, and the README says ${exitCode}.`;
    report(
      `${what}${stopped ? ", its database stopped" : ""}`,
      problem === null ? null : `${problem}\n${stderr}`,
    );
  }
}

/** Starts one that serves, on a port of its own, and asks it. @returns how to go on once its database is stopped. */
async function checkServed(program) {
  const { what, home, file, url, cases, answers } = program;
  const port = await freePort();
  const running = start(process.execPath, [file], {
    cwd: home,
    env: { DATABASE_URL: url, PORT: String(port) },
  });
  const printed = await running.firstLine();
  const problem = difference(cases[0].text.replace(":3000", `:${port}`), `${printed}\n`);
  report(what, problem === null ? null : `${problem}\n${running.stderr}`);
  const check = async (state, wanted) => {
    for (const answer of answers)
      report(
        `${what}${state}: ${answer.path} answers ${wanted(answer)}`,
        await wrongStatus(port, answer.path, wanted(answer)),
      );
  };
  await check("", ({ status }) => status);
  return async () => {
    await check(", its database stopped", ({ stoppedStatus }) => stoppedStatus);
    running.kill();
    const status = await running.exited;
    report(
      `${what} ends on SIGTERM`,
      status === 0 ? null : `It exited with ${status}:\n${running.stderr}`,
    );
  };
}

/** A service notices within its cache's second that its database has gone. */
async function wrongStatus(port, path, wanted) {
  const ask = () =>
    fetch(`http://127.0.0.1:${port}${path}`).then(
      (response) => response.status,
      (error) => String(error),
    );
  const status = await askUntil(ask, (answer) => answer === wanted, 15_000);
  return status === wanted ? null : `It answers ${status}.`;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
