import type { CommandDefinition, CommandTable, Shell } from "./command-table.js";
import { commandsOf, firstWords, secondWord } from "./find-command.js";

/** A script that completes the program's commands, their words and their options, for `source` of the shell. */
export function completionScript(table: CommandTable, shell: Shell): string {
  return scripts[shell](table);
}

const scripts: Readonly<Record<Shell, (table: CommandTable) => string>> = {
  bash: (table) =>
    `${bashFunction(table)}\ncomplete -o default -F ${functionNameOf(table)} ${table.program}`,
  // zsh runs bash's function, so that there is one.
  zsh: (table) =>
    `#compdef ${table.program}\nautoload -U +X bashcompinit && bashcompinit\n${scripts.bash(table)}`,
  fish: (table) => fishLines(table).join("\n"),
};

function functionNameOf({ program }: CommandTable): string {
  return `_${program.replaceAll("-", "_")}`;
}

/** What may follow each beginning of a command line, and what may follow an option with few values. */
function bashFunction(table: CommandTable): string {
  const cases = beginningsOf(table).map(
    ([beginning, words]) => `    ${beginning}) words=${quote(words.join(" "))} ;;`,
  );
  const values = valueOptionsOf(table).map(
    ([option, words]) => `    --${option}) words=${quote(words.join(" "))} ;;`,
  );
  return `${functionNameOf(table)}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  local first="" second=""
  [ "$COMP_CWORD" -gt 1 ] && first="\${COMP_WORDS[1]}"
  [ "$COMP_CWORD" -gt 2 ] && second="\${COMP_WORDS[2]}"
  case "$first $second" in
    " ") words=${quote(firstWords(table).join(" "))} ;;
${cases.join("\n")}
  esac
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
${values.length === 0 ? "    --) ;;" : values.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}`;
}

/** Patterns of the first two words, the exact ones first: `"templates validate"`, `"templates "`, `"probe "*`. */
function beginningsOf(table: CommandTable): readonly (readonly [string, readonly string[]])[] {
  return firstWords(table).flatMap((first) => {
    const commands = commandsOf(table, first);
    const pairs = commands.filter((command) => secondWord(command) !== "");
    const single = commands.find((command) => secondWord(command) === "");
    return [
      ...pairs.map((command) => [`"${command.name}"`, optionsOf(command)] as const),
      single === undefined
        ? ([`"${first} "`, pairs.map(secondWord)] as const)
        : ([`"${first} "*`, [...(single.words ?? []), ...optionsOf(single)]] as const),
    ];
  });
}

function optionsOf({ options }: CommandDefinition): readonly string[] {
  return [...Object.keys(options).map((name) => `--${name}`), "--help"];
}

function valueOptionsOf({
  commands,
}: CommandTable): readonly (readonly [string, readonly string[]])[] {
  const options = new Map<string, readonly string[]>();
  for (const command of commands)
    for (const [name, { values }] of Object.entries(command.options))
      if (values !== undefined) options.set(name, values);
  return [...options];
}

function fishLines(table: CommandTable): readonly string[] {
  const complete = `complete -c ${table.program}`;
  const start = `${complete} -n '__fish_use_subcommand' -f`;
  return firstWords(table).flatMap((first) => {
    const commands = commandsOf(table, first);
    const [single] = commands.filter((command) => secondWord(command) === "");
    const summary = single?.summary ?? commands.map(secondWord).join(", ");
    return [
      `${start} -a ${first} -d ${quote(summary)}`,
      ...commands.flatMap((command) => fishLinesOf(complete, first, command)),
    ];
  });
}

function fishLinesOf(
  complete: string,
  first: string,
  command: CommandDefinition,
): readonly string[] {
  const second = secondWord(command);
  const seenFirst = `__fish_seen_subcommand_from ${first}`;
  const condition =
    second === "" ? seenFirst : `${seenFirst}; and __fish_seen_subcommand_from ${second}`;
  return [
    ...(second === ""
      ? []
      : [
          `${complete} -n '${seenFirst}; and not __fish_seen_subcommand_from ${second}' -f -a ${second} -d ${quote(command.summary)}`,
        ]),
    ...(command.words ?? []).map((word) => `${complete} -n '${condition}' -f -a ${word}`),
    ...Object.entries(command.options).map(([name, { type, values, description }]) =>
      [
        `${complete} -n '${condition}' -l ${name}`,
        ...(type === "string" ? ["-r"] : []),
        ...(values === undefined ? [] : [`-f -a ${quote(values.join(" "))}`]),
        `-d ${quote(description)}`,
      ].join(" "),
    ),
  ];
}

/** As one word of a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
