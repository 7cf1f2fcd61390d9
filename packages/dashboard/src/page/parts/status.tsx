import type { JSX } from "preact";

/** How something is, for its color and its icon. */
export type Tone = "healthy" | "degraded" | "unhealthy" | "unknown";

const paths: Readonly<Record<Tone, string>> = {
  healthy: "M4.5 8.300l2.3 2.3 4.7-5",
  degraded: "M8 4.500v4.500M8 11.200v.3",
  unhealthy: "M5.3 5.300l5.4 5.400M10.7 5.300l-5.4 5.4",
  unknown: "M5 8h6",
};

const words: Readonly<Record<Tone, string>> = {
  healthy: "healthy",
  degraded: "degraded",
  unhealthy: "unhealthy",
  unknown: "unknown",
};

/** A status by color, icon and text. @param text - instead of the status's own word. */
export function Status({ tone, text }: { readonly tone: Tone; readonly text?: string }) {
  return (
    <span class={`status ${tone}`}>
      <StatusIcon tone={tone} />
      {text ?? words[tone]}
    </span>
  );
}

/** Without a text: for what has one beside it. Circle, triangle and square differ without color too. */
export function StatusIcon({ tone }: { readonly tone: Tone }): JSX.Element {
  return (
    <svg class={`status-icon ${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      {tone === "degraded" ? (
        <path class="shape" d="M8 .8L15.6 14.600H.4z" />
      ) : tone === "unhealthy" ? (
        <rect class="shape" x="1" y="1" width="14" height="14" rx="2.5" />
      ) : (
        <circle class="shape" cx="8" cy="8" r="7.2" />
      )}
      <path class="mark" d={paths[tone]} />
    </svg>
  );
}
