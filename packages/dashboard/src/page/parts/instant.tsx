import { durationText } from "../data/texts.js";
import { useNow, usePage } from "../page-context.js";

const exact = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long",
});
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** An instant in the reader's zone; its title has it exactly, with the zone and in UTC. @param at - by this browser's clock. */
export function Instant({ at }: { readonly at: number }) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return (
    <Time
      date={date}
      text={isToday ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`}
    />
  );
}

/** How long ago something was, by the worker's clock. @param at - ISO 8601; null is a dash. */
export function Ago({ at }: { readonly at: string | null }) {
  const now = useNow();
  const { skewMs } = usePage().recorder;
  if (at === null) return <>–</>;
  const date = new Date(at);
  const ageMs = now + skewMs - date.getTime();
  return <Time date={date} text={ageMs < 1_000 ? "now" : `${durationText(ageMs)} ago`} />;
}

function Time({ date, text }: { readonly date: Date; readonly text: string }) {
  if (Number.isNaN(date.getTime())) return <>–</>;
  const iso = date.toISOString();
  return (
    <time dateTime={iso} title={`${exact.format(date)} (${iso})`}>
      {text}
    </time>
  );
}
