import fc from "fast-check";

/** What must not survive, and a text that gives it away by itself. */
export interface SampleSecret {
  readonly secret: string;
  readonly text: string;
}

const letters = Array.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
const alphanumeric = (length: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...letters), { minLength: length, maxLength: length })
    .map((characters) => characters.join(""));

/** A secret that nothing but its place shows to be one. */
export const opaqueSecret: fc.Arbitrary<string> = alphanumeric(14).map(
  (characters) => `Z9${characters}q7`,
);

const inText = (wrap: (secret: string) => string): fc.Arbitrary<SampleSecret> =>
  opaqueSecret.map((secret) => ({ secret, text: wrap(secret) }));
const bare = (secret: fc.Arbitrary<string>): fc.Arbitrary<SampleSecret> =>
  secret.map((token) => ({ secret: token, text: token }));
const awkward = fc
  .array(fc.constantFrom(...Array.from("aB3@/#?:&%=+;,.\"'<>`")), { minLength: 8, maxLength: 16 })
  .map((characters) => `pw${characters.join("")}9z`);

/** Kinds of secrets that show what they are. */
export const secretKinds: Readonly<Record<string, fc.Arbitrary<SampleSecret>>> = {
  "URL password": inText((secret) => `postgres://svc:${secret}@db.internal:5432/orders`),
  "URL password full of delimiters": awkward.map((secret) => ({
    secret,
    text: `postgres://svc:${secret}@db.internal/orders`,
  })),
  "credentials without a scheme": inText((secret) => `svc:${secret}@db.internal:5432`),
  "query parameter": inText((secret) => `https://api.example.com/v1?access_token=${secret}&page=2`),
  "key=value DSN": inText(
    (secret) => `host=db.internal user=svc password='${secret}' dbname=orders`,
  ),
  "JDBC property": inText(
    (secret) => `jdbc:sqlserver://db.internal:1433;user=svc;password=${secret};encrypt=true`,
  ),
  "bearer token": inText((secret) => `Bearer ${secret}`),
  "basic credentials": opaqueSecret.map((secret) => ({
    secret: btoa(`svc:${secret}`),
    text: `Basic ${btoa(`svc:${secret}`)}`,
  })),
  "JSON web token": bare(
    opaqueSecret.map(
      (secret) =>
        `${btoa('{"alg":"HS256"}').replaceAll("=", "")}.${btoa(`{"sub":"${secret}"}`).replaceAll("=", "")}.${secret}`,
    ),
  ),
  "PEM block": inText(
    (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  ),
  "AWS access key": bare(alphanumeric(16).map((characters) => `AKIA${characters.toUpperCase()}`)),
  "service token": bare(
    fc
      .tuple(fc.constantFrom("ghp_", "sk_live_", "glpat-", "npm_"), alphanumeric(36))
      .map((parts) => parts.join("")),
  ),
  "presigned URL": inText(
    (secret) =>
      `https://orders.s3.amazonaws.com/1.pdf?X-Amz-Expires=60&X-Amz-Signature=${secret}&x-id=GetObject`,
  ),
  "password in SQL": inText(
    (secret) => `ALTER ROLE app PASSWORD '${secret}' VALID UNTIL 'infinity'`,
  ),
  "flag of a command": inText((secret) => `deploy --db-password ${secret} --region eu`),
  "short flag of a command": inText((secret) => `mysql -u root -p${secret} orders`),
  "user of a command": inText((secret) => `curl -u app:${secret} https://api.example.com`),
  "XML element": inText((secret) => `<db><password>${secret}</password></db>`),
  "named value": inText((secret) => `name=DB_PASSWORD value=${secret}`),
  "line of netrc": inText((secret) => `machine api.example.com login app password ${secret}`),
  "line of .pgpass": inText((secret) => `db.internal:5432:orders:app:${secret}`),
  "Oracle connection": inText((secret) => `app/${secret}@orders`),
  "private JWK": inText((secret) => `{"kty":"EC","crv":"P-256","x":"a","d":"${secret}"}`),
  "credentials of Docker": opaqueSecret.map((secret) => ({
    secret: btoa(`app:${secret}`),
    text: `{"auths":{"r.example.com":{"auth":"${btoa(`app:${secret}`)}"}}}`,
  })),
  "hash of a password": bare(alphanumeric(53).map((characters) => `$2b$12$${characters}`)),
};

/** A text as JSON writes it inside a string. */
export function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
