import { existsSync, statSync } from "node:fs";
import { posix } from "node:path";

const github = "https://github.com/tasker-systems/tasker-observability-ts";

/**
 * Turns the links of a page, which lead from file to file of the repository, into links of the site: to the page, or to
 * the file on GitHub where the site has no page of it. A link that leads nowhere stays, and VitePress refuses it.
 *
 * @param {string} text
 * @param {import("./pages.mjs").Page} page
 * @param {{ root: string, pages: readonly import("./pages.mjs").Page[] }} site
 */
export function withSiteLinks(text, page, { root, pages }) {
  const translate = (target) => {
    if (/^(?:[a-z]+:|#|\/)/.test(target)) return target;
    const [path, hash = ""] = target.split(/(?=#)/);
    const file = posix.join(posix.dirname(page.file), path);
    const found = pages.find((other) => other.file === file || other.file === `${file}/README.md`);
    if (found !== undefined) return `/${found.path}${hash}`;
    if (!existsSync(`${root}/${file}`)) return target;
    if (/\.svg$/.test(file)) return `/${posix.basename(file)}`;
    const kind = statSync(`${root}/${file}`).isDirectory() ? "tree" : "blob";
    return `${github}/${kind}/main/${file}${hash}`;
  };
  return text
    .split(/(^```[\s\S]*?^```)/m)
    .map((part) =>
      part.startsWith("```")
        ? part
        : part.replaceAll(
            /(\]\()([^)\s]+)(\))/g,
            (_, open, target, close) => `${open}${translate(target)}${close}`,
          ),
    )
    .join("");
}
