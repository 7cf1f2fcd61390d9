import { useEffect, useState } from "preact/hooks";
import { toCurl, urlOf } from "../data/client.js";

/** Copies an answer as JSON, and the command that asks for it. */
export function CopyButtons({ path, result }: { readonly path: string; readonly result: unknown }) {
  return (
    <span class="copy-buttons">
      {result !== null && (
        <CopyButton label="JSON" what={path} text={() => JSON.stringify(result, null, 2)} />
      )}
      <CopyButton label="curl" what={path} text={() => toCurl(path)} />
      <a href={urlOf(path)} title={`Open ${path}`} class="path" target="_blank" rel="noreferrer">
        {path.replace(/\?.*$/, "")}
      </a>
    </span>
  );
}

export interface CopyButtonProps {
  readonly label: string;
  /** What is copied, for those who do not see where the button stands. */
  readonly what: string;
  readonly text: () => string;
}

export function CopyButton({ label, what, text }: CopyButtonProps) {
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    if (said === null) return undefined;
    const timer = window.setTimeout(() => setSaid(null), 2_000);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <button
      type="button"
      class="quiet"
      aria-label={`Copy ${what} as ${label}`}
      title={`Copy as ${label}`}
      onClick={() =>
        void copy(text()).then((isCopied) => setSaid(isCopied ? "copied" : "not copied"))
      }
    >
      <span aria-live="polite">{said ?? label}</span>
    </button>
  );
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** Deprecated, and the only way where there is no clipboard. */
const legacyDocument: { execCommand(name: string): boolean } = document;

/** Browsers have no clipboard for a page over plain HTTP on another machine. */
function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "off-screen";
  document.body.append(area);
  const focused = document.activeElement;
  area.select();
  const isCopied = legacyDocument.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return isCopied;
}
