/** Lets the process outlive whoever read its output: what is written then is lost, and ends neither the work nor the drain. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
}
