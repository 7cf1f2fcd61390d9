import { describe, expect, it } from "vitest";
import { isTransientAtStart } from "./transient-start-failure.js";

const refusal = (code: string, message = "refused", severity = "ERROR"): Error =>
  Object.assign(new Error(message), { code, severity });

describe("the failures of a start", () => {
  it.each([
    // PgBouncer
    ["08P01", "server login has been failing, try again later (server_login_retry)"],
    ["08P01", "server login has been failing, cached error: connect failed (server_login_retry)"],
    ["08P01", "server login failed: FATAL the database system is starting up"],
    ["08P01", "no more connections allowed (max_client_conn)"],
    ["08P01", "pgbouncer cannot connect to server"],
    ["08P01", "query_wait_timeout"],
    ["08P01", "client_login_timeout (server down)"],
    ["08P01", "the database system is shutting down"],
    ["53300", "no more connections allowed"],
    ["57P01", "pooler is shut down"],
    // pgcat, Supavisor, Odyssey, Pgpool-II, RDS Proxy, Neon
    ["58000", "could not get connection from the pool - AllServersDown"],
    ["XX000", "MaxClientsInSessionMode: max clients reached"],
    ["XX000", "Unable to check out process from the pool due to timeout"],
    ["XX000", "Control plane request failed"],
    ["08006", "odyssey: failed to get remote server connection"],
    ["57000", "failed to create a backend connection"],
    ["53300", "Timed-out waiting to acquire database connection"],
    // PostgreSQL
    ["57P03", "the database system is not accepting connections"],
    ["57P05", "terminating connection due to idle-session timeout"],
    ["53200", "out of memory"],
    ["55000", 'database "app" is not currently accepting connections'],
    ["08004", "server rejected the connection"],
  ])("%s %s", (code, message) => {
    expect(isTransientAtStart(refusal(code, message), "connecting")).toBe(true);
  });

  it.each([
    ["08P01", "no such database: app"],
    ["08P01", "no such user: app"],
    ["08P01", "unsupported startup parameter: options"],
    ["08P01", "SSL required"],
    ["08P01", 'server login failed: FATAL password authentication failed for user "app"'],
    ["08P01", 'server login has been failing, cached error: FATAL database "app" does not exist'],
    ["58000", "Invalid pool name { database: app, user: app }"],
    ["58000", "No pool configured for database: app, user: app"],
    ["XX000", "Tenant or user not found"],
    ["XX000", "Endpoint ID is not specified"],
    ["28P01", "password authentication failed"],
    ["28000", "no pg_hba.conf entry for host"],
    ["3D000", "database does not exist"],
    ["42501", "permission denied for database"],
    ["57P04", "database was dropped"],
    ["53100", "could not extend file: No space left on device"],
    ["0A000", "unsupported frontend protocol"],
  ])("is not what needs somebody to change something: %s %s", (code, message) => {
    expect(isTransientAtStart(refusal(code, message), "connecting")).toBe(false);
  });

  it("an internal error of a connected server is permanent, unless it ended the connection", () => {
    for (const code of ["XX000", "58000"]) {
      expect(isTransientAtStart(refusal(code), "preparing")).toBe(false);
      expect(isTransientAtStart(refusal(code, "closed", "FATAL"), "preparing")).toBe(true);
    }
  });

  it("a missing socket is transient, a missing file is permanent", () => {
    const missing = (syscall: string): Error =>
      Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall, path: "/somewhere" });
    expect(isTransientAtStart(missing("connect"), "connecting")).toBe(true);
    expect(isTransientAtStart(missing("open"), "connecting")).toBe(false);
  });
});
