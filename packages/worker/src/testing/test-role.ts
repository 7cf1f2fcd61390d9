import { withClient } from "@tasker-observability/testkit";
import { onTestFinished } from "vitest";

export interface TestRole {
  readonly name: string;
  /** The database's URL for this role. */
  readonly url: string;
}

/** A role that owns nothing and was granted nothing; it is dropped when the test ends. */
export async function createTestRole(databaseUrl: string): Promise<TestRole> {
  const name = `role_${crypto.randomUUID().slice(0, 8)}`;
  await withClient(databaseUrl, (client) => client.query(`create role ${name} login password 'x'`));
  onTestFinished(() =>
    withClient(databaseUrl, (client) =>
      client.query(`drop owned by ${name} cascade; drop role ${name}`),
    ).then(() => undefined),
  );
  return { name, url: Object.assign(new URL(databaseUrl), { username: name, password: "x" }).href };
}
