import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Numbers stand to the right. @default text */
  readonly kind?: "number" | "wide" | "text";
}

export interface TableProps<Row> {
  /** What is listed, for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Rows that want a look. @default none */
  readonly toneOf?: (row: Row) => string | undefined;
}

/**
 * A table, the first column of which names the row. On a narrow screen each row is a block of names and values; the roles
 * tell screen readers that it is a table all the same.
 */
export function Table<Row>({ caption, columns, rows, keyOf, toneOf }: TableProps<Row>) {
  return (
    <table role="table">
      <caption class="off-screen">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, kind }) => (
            <th key={head} role="columnheader" scope="col" class={kind}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} role="row" class={toneOf?.(row)}>
            {columns.map(({ head, cell, kind }, index) =>
              index === 0 ? (
                <th key={head} role="rowheader" scope="row" class={kind}>
                  {cell(row)}
                </th>
              ) : (
                <td key={head} role="cell" class={kind} data-head={head}>
                  <div>{cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
