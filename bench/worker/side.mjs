// The sides that are compared, each in a process of its own.
import { fileURLToPath } from "node:url";
import { startProgram } from "./calls.mjs";
import { startRedis } from "./redis.mjs";

const program = fileURLToPath(new URL("sides/side-program.mjs", import.meta.url));

/**
 * Makes a side's queues, and starts its process.
 *
 * @param file of the folder `sides`
 * @param given what `withBenchDatabase` gives, and the `namespaces`
 * @returns null where the machine lacks what the side needs
 */
export async function startSide(file, { client, ...given }) {
  const redis = file === "bullmq" ? await startRedis() : undefined;
  if (redis === null) return null;
  const settings = { ...given, serverPid: redis?.pid ?? given.serverPid, redisPort: redis?.port };
  const { name, prepareSide, sendStep } = await import(`./sides/${file}.mjs`);
  const prepared = await prepareSide({ ...settings, client });
  const { call, pid, end } = startProgram(program, [file, JSON.stringify(settings)]);
  return {
    file,
    name,
    pid,
    serverPid: settings.serverPid,
    call,
    fill: prepared.fill,
    send: (sender, namespace) =>
      sendStep(sender, namespace, { sentAt: String(process.hrtime.bigint()) }),
    stop: async () => {
      await end();
      await prepared.close();
      await redis?.stop();
    },
  };
}
