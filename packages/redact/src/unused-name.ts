/** The name, or the name with the first number that makes it another one; it counts as taken from then on. */
export function unusedName(name: string, taken: Set<string>): string {
  let unused = name;
  for (let number = 2; taken.has(unused); number++) unused = `${name}#${number}`;
  taken.add(unused);
  return unused;
}
