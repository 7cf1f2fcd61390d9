import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("dist/", import.meta.url));

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};

/** Writes what Vite has built into one JSON file, which a bundler puts into the module: no file is read at run time. */
export function packPage(): void {
  const folder = join(dist, "page");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => pack(folder, join(parentPath, name)));
  writeFileSync(join(dist, "page.json"), JSON.stringify(files));
}

function pack(folder: string, file: string) {
  const contentType = contentTypes[extname(file)];
  if (contentType === undefined) throw new Error(`The page has a file of an unknown type: ${file}`);
  const body = readFileSync(file);
  const path = `/${relative(folder, file).split(sep).join("/")}`;
  return {
    path: path === "/index.html" ? "/" : path,
    contentType,
    etag: `"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`,
    gzip: gzipSync(body, { level: 9 }).toString("base64"),
  };
}
