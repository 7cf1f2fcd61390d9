/** What databases, machines, roles, environments and settings are called: one after the other too, as `tasker_production`. */
const names = new Set(
  (
    "postgres postgresql pgmq mysql mariadb sqlite oracle redis valkey mongo mongodb rabbitmq kafka nats elastic elasticsearch grafana " +
    "prometheus docker kubernetes database data base server client localhost host node cluster service services system internal " +
    "external default example sample demo test tests testing tester stage staging production preproduction prod development develop " +
    "developer dev local preview sandbox release integration acceptance master main primary secondary replica backup standby " +
    "worker workers tasker queue queues task tasks job jobs order orders payment payments refund refunds billing invoice invoices " +
    "customer customers account accounts user users username admin admins administrator root guest public private company " +
    "app apps application web website api backend frontend project team anonymous operator manager monitor monitoring metrics health " +
    "observability reader writer readonly readwrite superuser owner required optional disabled enabled undefined unknown none null"
  ).split(" "),
);
/** Of the passwords that most people take, those that are words. */
const passwords = new Set(
  (
    "password passwd passwords passwort kennwort changeme changeit changethis letmein welcome iloveyou trustno monkey dragon football " +
    "baseball basketball sunshine princess superman batman shadow michael jordan charlie computer internet whatever qwerty qwertz " +
    "azerty qwertyuiop asdfghjkl zxcvbnm foobar helloworld mypassword adminadmin testtest rootroot guestguest passpass summer winter " +
    "spring autumn january february september october november december"
  ).split(" "),
);
const digits = new Set(["12345678", "123456789", "87654321"]);
const longestName = 16;
const longestCommon = 48;

/**
 * Whether a password is a word that is common in configurations and messages: `postgres`, `tasker_production`,
 * `password1`. It is masked in its place. Elsewhere the same word says something else.
 */
export function isCommon(text: string): boolean {
  if (text.length > longestCommon) return false;
  if (digits.has(text) || /^(\d)\1*$/.test(text)) return true;
  const word = text.toLowerCase().replace(/[\d!]{1,4}$/, "");
  if (passwords.has(word)) return true;
  // The names are of letters, and most secrets hold something else.
  if (!/^[a-z_. -]+$/.test(word)) return false;
  const parts = word.split(/[-_. ]+/).filter((part) => part !== "");
  return parts.length > 0 && parts.every(isRunOfNames);
}

/** Whether names, one after the other, make up the whole. */
function isRunOfNames(letters: string): boolean {
  const reachable = [true];
  for (let end = 1; end <= letters.length; end++) {
    reachable[end] = false;
    for (let start = Math.max(0, end - longestName); start < end && !reachable[end]; start++)
      reachable[end] = (reachable[start] ?? false) && names.has(letters.slice(start, end));
  }
  return reachable[letters.length] ?? false;
}
