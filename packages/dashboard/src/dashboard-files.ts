import { gunzipSync } from "node:zlib";
import packed from "../dist/page.json" with { type: "json" };

/** A file of the page. */
export interface DashboardFile {
  /** As a `Content-Type` header has it. */
  readonly contentType: string;
  /** As an `ETag` header has it, with quotes. */
  readonly etag: string;
  /** The bytes. */
  readonly body: Uint8Array;
  /** The same, compressed with gzip. */
  readonly gzip: Uint8Array;
}

/** The files of the page by their paths. `/` is the page; its URLs are relative, so any mount path will do. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>;

/** The page, for the option `dashboard` of the router and the listener of `http-express`. */
export const dashboardFiles: DashboardFiles = new Map(
  packed.map(({ path, contentType, etag, gzip: base64 }) => {
    const gzip = Buffer.from(base64, "base64");
    return [path, { contentType, etag, gzip, body: gunzipSync(gzip) }];
  }),
);
