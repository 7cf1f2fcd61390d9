/** Lines of columns under their headings: numbers to the right, the last column cut where the terminal ends. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  width: number,
): readonly string[] {
  const cells = [headings, ...rows.map((row) => row.map(String))];
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const isNumber = headings.map((_, column) => typeof rows[0]?.[column] === "number");
  return cells.map((row) => {
    const line = row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
    return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
  });
}

/** Columns of standard output: as many as the terminal has, or enough for any line where it is none. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
}
