import type { IncomingMessage } from "node:http";
import Negotiator from "negotiator";
import * as z from "zod";
import type { Match } from "./endpoint-lookup.js";
import type { Endpoint } from "./endpoints.js";
import { createMediaTypeChooser } from "./media-type.js";
import type { MountedRequest } from "./openapi-endpoint.js";
import type { Reply } from "./reply.js";
import { parseRequestTarget } from "./request-target.js";

const dashboardFileSchema = z.object({
  contentType: z.string(),
  etag: z.string(),
  body: z.instanceof(Uint8Array),
  gzip: z.instanceof(Uint8Array),
});

export const dashboardOption = z.custom<ReadonlyMap<string, DashboardFile>>(
  (files) =>
    files instanceof Map &&
    files.has("/") &&
    [...files.values()].every((file) => dashboardFileSchema.safeParse(file).success),
  { error: "dashboard must be dashboardFiles of @tasker-observability/dashboard." },
);

/** A file of a dashboard. */
export interface DashboardFile {
  /** As a `Content-Type` header has it. */
  readonly contentType: string;
  /** As an `ETag` header has it, with quotes. */
  readonly etag: string;
  readonly body: Uint8Array;
  /** The same, compressed with gzip. */
  readonly gzip: Uint8Array;
}

const csp = [
  ["default-src", "'none'"],
  ["script-src", "'self'"],
  ["style-src", "'self'"],
  ["connect-src", "'self'"],
  ["img-src", "'self' data:"],
  ...["base-uri", "frame-ancestors", "form-action"].map((name) => [name, "'none'"]),
]
  .map((directive) => directive.join(" "))
  .join("; ");

const pageHeaders: readonly string[] = [
  ...["Content-Security-Policy", csp],
  ...["X-Content-Type-Options", "nosniff"],
  ...["Referrer-Policy", "no-referrer"],
  ...["Cross-Origin-Opener-Policy", "same-origin"],
  ...["Cross-Origin-Resource-Policy", "same-origin"],
];

const chooseHomeType = createMediaTypeChooser(["application/json", "text/html"]);

/** Null without files, and where the group of the page is off. */
export function createDashboard(
  files: ReadonlyMap<string, DashboardFile> | undefined,
  home: Endpoint | undefined,
): Dashboard | null {
  return files === undefined || home === undefined ? null : new Dashboard(files, home);
}

/** Static files below the path at which the endpoints are mounted. They have no data of the worker, so they ask for no key. */
export class Dashboard {
  readonly #files: ReadonlyMap<string, DashboardFile>;
  readonly #home: Endpoint;

  constructor(files: ReadonlyMap<string, DashboardFile>, home: Endpoint) {
    this.#files = files;
    this.#home = home;
  }

  /**
   * Answers a request for one of the files; null if it is for something else, as JSON at `/` is.
   *
   * @param match - the endpoint of the request: all but the index come before files.
   */
  replyTo(match: Match | null, request: IncomingMessage): Reply | null {
    if (match !== null && match.endpoint !== this.#home) return null;
    const { path } = parseRequestTarget(request.url ?? "");
    const file = this.#files.get(path);
    if (file === undefined || (request.method !== "GET" && request.method !== "HEAD")) return null;
    if (path !== "/") return fileReply(request, file, lasting);
    if (chooseHomeType(request.headers.accept) !== "text/html") return null;
    const directory = directoryOf(request);
    return directory === null ? fileReply(request, file, checked) : redirectReply(directory);
  }
}

/** Names of files change with their bytes, that of the page does not. */
const lasting = ["Cache-Control", "public, max-age=31536000, immutable", "Vary", "Accept-Encoding"];
const checked = ["Cache-Control", "no-cache", "Vary", "Accept, Accept-Encoding"];

function fileReply(
  { headers }: IncomingMessage,
  { contentType, etag, body, gzip }: DashboardFile,
  ownHeaders: readonly string[],
): Reply {
  const common = [...ownHeaders, "ETag", etag, ...pageHeaders];
  if (matches(headers["if-none-match"], etag))
    return { status: 304, headers: common, body: "", encoding: "latin1" };
  const isZipped = new Negotiator({ headers }).encoding(["gzip", "identity"]) === "gzip";
  const sent = isZipped ? gzip : body;
  return {
    status: 200,
    headers: [
      ...common,
      ...["Content-Type", contentType, "Content-Length", String(sent.byteLength)],
      ...(isZipped ? ["Content-Encoding", "gzip"] : []),
    ],
    body: sent,
    encoding: "latin1",
  };
}

/** Proxies that compress make a tag weak, which is the same file all the same. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  return (
    ifNoneMatch?.split(",").some((each) => ["*", etag, `W/${etag}`].includes(each.trim())) ?? false
  );
}

/**
 * The page's URLs are relative, so it must be asked for with a slash at the end.
 * @returns where it is, relative to where it was asked for; null if it was asked for there.
 */
function directoryOf({ url = "", originalUrl }: MountedRequest): string | null {
  const { path, query } = parseRequestTarget(originalUrl ?? url);
  if (path.endsWith("/")) return null;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return `./${name}/${query === "" ? "" : `?${query}`}`;
}

function redirectReply(location: string): Reply {
  const headers = [
    ...["Location", location, "Content-Length", "0"],
    ...["Cache-Control", "no-store", "Vary", "Accept"],
  ];
  return { status: 308, headers: [...headers, ...pageHeaders], body: "", encoding: "latin1" };
}
