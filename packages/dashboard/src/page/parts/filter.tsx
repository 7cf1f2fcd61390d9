import { hashOf } from "../data/route.js";

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export interface FilterProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
}

/** One choice of a few. */
export function Filter({ label, value, choices, onChange }: FilterProps) {
  return (
    <label class="filter">
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

export interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function Search({ label, value, onInput }: SearchProps) {
  return (
    <label class="filter">
      {label}
      <input
        type="search"
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </label>
  );
}

/** Changes the filter in the URL of the view, so that it can be passed on. */
export function setFilter(
  segments: readonly string[],
  filter: Readonly<Record<string, string>>,
): void {
  history.replaceState(null, "", hashOf(segments, filter));
  dispatchEvent(new HashChangeEvent("hashchange"));
}
