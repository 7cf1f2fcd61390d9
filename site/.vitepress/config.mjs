import { defineConfig } from "vitepress";
import { sections } from "../pages.mjs";

const repository = "https://github.com/tasker-systems/tasker-observability-ts";

export default defineConfig({
  title: "tasker-observability",
  description: "Health, metrics, templates and configuration of Postgres queue workers.",
  base: process.env.DOCS_BASE ?? "/",
  srcDir: ".pages",
  outDir: "dist",
  cleanUrls: true,
  // Braces at the end of a line are text here.
  markdown: { attrs: { disable: true } },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "A first worker", link: "/first-worker" },
      { text: "Operations", link: "/reference/operations" },
      { text: "Configuration", link: "/reference/configuration" },
    ],
    sidebar: sections.map(({ title, pages }) => ({
      text: title,
      collapsed: title === "Packages",
      items: pages.map((page) => ({ text: page.title, link: `/${page.path}` })),
    })),
    socialLinks: [{ icon: "github", link: repository }],
  },
});
