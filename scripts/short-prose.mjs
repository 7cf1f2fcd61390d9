import { toString } from "mdast-util-to-string";
import { visit } from "unist-util-visit";

const limits = { words: 80, sentences: 2, lines: 60 };
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

const countWords = (text) => text.split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
const countSentences = (text) =>
  [...sentences.segment(text)].filter(({ segment }) => segment.trim() !== "").length;

/** The text of a node; code in it counts as one word, and ends no sentence. */
function proseOf(node) {
  if (node.type === "inlineCode") return "code";
  return node.children?.map(proseOf).join("") ?? toString(node);
}

/** remark: a paragraph has 80 words, a changeset two sentences, a package's README 60 lines at most, tables aside. */
export default function shortProse() {
  return (tree, file) => {
    const path = file.path.replaceAll("\\", "/");
    const limit = (what, count, most, node) => {
      if (count > most) file.message(`${what}: ${count} where ${most} are allowed. Cut it.`, node);
    };
    let prose = "";
    visit(tree, "paragraph", (node) => {
      limit("Words of a paragraph", countWords(proseOf(node)), limits.words, node);
      prose += `${proseOf(node)}\n\n`;
    });
    if (/^\.changeset\/(?!README)/.test(path))
      limit("Sentences of a changeset", countSentences(prose), limits.sentences, tree);
    if (!/^packages\/[^/]+\/README\.md$/.test(path)) return;
    const written = String(file).replace(/<!-- (\w+)[^]*?<!-- \/\1 -->\n*/g, "");
    const lines = written
      .trimEnd()
      .split("\n")
      .filter((line) => !line.startsWith("|"));
    limit("Lines of a package's README", lines.length, limits.lines, tree);
  };
}
