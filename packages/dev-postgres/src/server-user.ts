import { chown, mkdir, readdir, readFile, stat } from "node:fs/promises";

/** The user that the server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so it runs as the user `postgres`, else as `nobody`.
 *
 * @returns null if this process does not run as root, so the server can run as the same user.
 * @throws Error if the machine has neither user.
 */
export async function chooseServerUser(passwd = "/etc/passwd"): Promise<ServerUser | null> {
  if (process.geteuid?.() !== 0) return null;
  const users = parsePasswd(await readFile(passwd, "utf8").catch(() => ""));
  const user = users.get("postgres") ?? users.get("nobody");
  if (user === undefined) {
    throw new Error(
      "PostgreSQL refuses to run as root, and this machine has neither a user postgres nor a user nobody: run as an ordinary user, or use your own PostgreSQL server.",
    );
  }
  return user;
}

/**
 * Makes the folder that keeps the database, owned by the server's user.
 *
 * @returns the user who owns the database that is already there, so that adding a user `postgres` later locks nobody
 * out.
 */
export async function prepareKeptFolder(folder: string, user: ServerUser): Promise<ServerUser> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const owner = await stat(folder);
  if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  if ((await readdir(folder)).length > 0) {
    throw new Error(
      `${folder} belongs to root and is not empty: PostgreSQL refuses to run as root. Use an empty or a new folder.`,
    );
  }
  await chown(folder, user.uid, user.gid);
  return user;
}

function parsePasswd(text: string): Map<string, ServerUser> {
  const users = new Map<string, ServerUser>();
  for (const line of text.split("\n")) {
    const [name, , uid, gid] = line.split(":");
    if (name !== undefined && uid !== undefined && gid !== undefined)
      users.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
