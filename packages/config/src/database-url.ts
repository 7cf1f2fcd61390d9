/** What the `pg` driver takes: a URL of PostgreSQL's, or the path of a server's socket. */
const shape = /^(?:postgres(?:ql)?:\/\/|socket:|\/)/;

/**
 * Whether the driver can make something of it. What it cannot, it takes for the name of a database on a host called `base`.
 */
export function isDatabaseUrl(text: string): boolean {
  if (!shape.test(text)) return false;
  // A server's socket is given as `?host=`, with no host before the path.
  return text.startsWith("/") || URL.canParse(text.replace("@/", "@localhost/"));
}
