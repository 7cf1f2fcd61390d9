/** Listens, tells the parent process where, and answers each of its questions with the process's counts. */
export function serve(server, counts = () => ({})) {
  server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuMicros: user + system, ...counts() });
  });
  process.once("SIGTERM", () => process.exit(0));
}
