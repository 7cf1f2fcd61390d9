export { bundleForNode, type NodeBundle } from "./bundle-for-node.js";
export { parseExposition } from "./exposition-parser.js";
export type { ExpositionFamily, ExpositionFormat, ExpositionSample } from "./exposition.js";
export { collectReachable, collectShown } from "./collect-reachable.js";
export { createFakeClock, type FakeClock } from "./fake-clock.js";
export { filesPassed, type MeasuredProgram } from "./files-passed.js";
export { isRunning } from "./is-running.js";
export { type NotifySocket, startNotifySocket } from "./notify-socket.js";
export { type OptionTable, withOptionTables } from "./option-tables.js";
export type { OutputLines } from "./output-lines.js";
export { startOwnServer, type OwnServer } from "./own-server.js";
export { inJson, opaqueSecret, type SampleSecret, secretKinds } from "./sample-secrets.js";
export { startPgBouncer, type PgBouncer, type PgBouncerOptions } from "./pg-bouncer.js";
export { runInPty, type PtyOptions, type PtyProcess } from "./run-in-pty.js";
export {
  killGroup,
  spawnNode,
  type ProcessExit,
  type SpawnedProcess,
  type SpawnOptions,
} from "./spawn-node.js";
export { startTcpProxy, type TcpProxy } from "./tcp-proxy.js";
export { useTemporaryFolder } from "./temporary-folder.js";
export { createTestDatabase, sharedServerUrl, type TestDatabase } from "./test-database.js";
export { startTestServer, urlOfDatabase, withClient, type TestServer } from "./test-server.js";
export { startToolServer, type ToolServer } from "./tool-server.js";
export { waitFor, type WaitOptions } from "./wait-for.js";
