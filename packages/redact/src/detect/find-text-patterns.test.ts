import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findTextPatterns } from "./find-text-patterns.js";

const mask = (text: string): string =>
  maskFindings(text, findTextPatterns(text)).replaceAll("***REDACTED***", "*");

/** Each with the secret as `S3cr3t-9x`. */
const secrets: Readonly<Record<string, readonly string[]>> = {
  "SQL that sets or uses a password": [
    "ALTER ROLE app PASSWORD 'S3cr3t-9x'",
    "alter user app with encrypted password 'S3cr3t-9x' valid until 'infinity'",
    "CREATE ROLE app LOGIN PASSWORD E'S3cr3t-9x'",
    "CREATE ROLE app PASSWORD $$S3cr3t-9x$$",
    "CREATE ROLE app PASSWORD $pw$S3cr3t-9x$pw$",
    'ALTER USER app PASSWORD "S3cr3t-9x"',
    "CREATE USER app@'%' IDENTIFIED BY 'S3cr3t-9x'",
    "CREATE USER app IDENTIFIED BY S3cr3t-9x",
    'ALTER USER app IDENTIFIED BY "S3cr3t-9x"',
    "GRANT ALL ON *.* TO app IDENTIFIED BY 'S3cr3t-9x'",
    "CREATE USER app IDENTIFIED WITH caching_sha2_password BY 'S3cr3t-9x'",
    "CREATE USER app IDENTIFIED WITH mysql_native_password AS 'S3cr3t-9x'",
    "CREATE USER app IDENTIFIED BY PASSWORD 'S3cr3t-9x'",
    "SET PASSWORD FOR 'app'@'%' = 'S3cr3t-9x'",
    "SET PASSWORD FOR app = PASSWORD('S3cr3t-9x')",
    "UPDATE u SET hash = crypt('S3cr3t-9x', gen_salt('bf'))",
    "SELECT pgp_sym_decrypt(body, 'S3cr3t-9x') FROM t",
    "SELECT pgp_sym_encrypt(lower(body), 'S3cr3t-9x')",
    "SELECT set_config('app.jwt_secret', 'S3cr3t-9x', false)",
    "CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'app', password 'S3cr3t-9x')",
    "CREATE SECRET (TYPE S3, KEY_ID 'x', SECRET 'S3cr3t-9x')",
    "COPY t FROM 's3://b' ACCESS_KEY_ID '' SECRET_ACCESS_KEY 'S3cr3t-9x'",
    "ALTER ROLE app PASSWORD /* new */ 'S3cr3t-9x'",
    "ALTER ROLE app PASSWORD/**/'S3cr3t-9x'",
    "ALTER ROLE app PASSWORD -- new\n  'S3cr3t-9x'",
    "CREATE USER app IDENTIFIED /* a */ BY /* b */ 'S3cr3t-9x'",
    "PRAGMA key = 'S3cr3t-9x'",
    "pragma main.rekey('S3cr3t-9x')",
    "ATTACH DATABASE 'o.db' AS o KEY 'S3cr3t-9x'",
    "ALTER DATABASE d SET app.settings.jwt_secret TO 'S3cr3t-9x'",
    "SET LOCAL app.api_key TO 'S3cr3t-9x'",
    "ERROR: syntax error\nSTATEMENT:  ALTER ROLE app PASSWORD 'S3cr3t-9x",
  ],
  "XML and markup": [
    "<password>S3cr3t-9x</password>",
    "<db:Password type='plain'>S3cr3t-9x</db:Password>",
    "<apiKey><![CDATA[S3cr3t-9x]]></apiKey>",
    "<password>\n  S3cr3t-9x</password>",
    "&lt;password&gt;S3cr3t-9x&lt;/password&gt;",
    '<entry key="db.password">S3cr3t-9x</entry>',
    '<property name="password"><value>S3cr3t-9x</value></property>',
    '<string name="api_key">S3cr3t-9x</string>',
    "<key>Password</key><string>S3cr3t-9x</string>",
    '<input type="password" name="p" value="S3cr3t-9x">',
  ],
  "a name and a value beside it": [
    '<add key="DbPassword" value="S3cr3t-9x"/>',
    "<property name='password' value='S3cr3t-9x'/>",
    '<input value="S3cr3t-9x" name="csrf_token">',
    'key="DB_PASSWORD" value="S3cr3t-9x"',
    "name=DB_PASSWORD value=S3cr3t-9x",
    "- name: DB_PASSWORD\n  value: S3cr3t-9x\n",
    "- name: DB_PASSWORD\n  type: env\n  value: 'S3cr3t-9x'\n",
    '{"name":"DB_PASSWORD","value":"S3cr3t-9x"',
    '{\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"S3cr3t-9x\\"',
    "{ Name: 'API_KEY', Value: 'S3cr3t-9x' }",
    "ParameterKey=DBPassword,ParameterValue=S3cr3t-9x",
    'Content-Disposition: form-data; name="password"\r\n\r\nS3cr3t-9x\r\n--b',
  ],
  "password files": [
    "db.internal:5432:orders:app:S3cr3t-9x",
    "[::1]:5432:orders:app:S3cr3t-9x",
    "*:*:*:postgres:S3cr3t-9x",
    "# pgpass\n10.0.0.7:6432:orders:app:S3cr3t-9x\n",
    "machine api.example.com login app password S3cr3t-9x",
    "machine api.example.com\n  login app\n  password S3cr3t-9x\n",
    "default login app password S3cr3t-9x",
    "login app password S3cr3t-9x",
    "requirepass S3cr3t-9x",
    'masterauth "S3cr3t-9x"',
    "ACL SETUSER app on >S3cr3t-9x ~* +@all",
  ],
  "a private JWK": [
    '{"kty":"EC","crv":"P-256","x":"a","d":"S3cr3t-9x"}',
    "{'kty': 'oct', 'k': 'S3cr3t-9x'}",
    'key: {\\"kty\\":\\"oct\\",\\"k\\":\\"S3cr3t-9x\\"} loaded',
  ],
  "passwords on standard input and of Windows": [
    "echo app:S3cr3t-9x | chpasswd",
    "echo 'app:S3cr3t-9x' | sudo /usr/sbin/chpasswd -e",
    "chpasswd <<< 'app:S3cr3t-9x'",
    "echo S3cr3t-9x | docker login -u app --password-stdin r.example.com",
    "echo -n 'S3cr3t-9x' | passwd --stdin app",
    "printf '%s' S3cr3t-9x | gh auth login --with-token",
    "echo S3cr3t-9x | sudo -S reboot",
    "kinit app <<< S3cr3t-9x",
    "net use z: \\\\h\\s S3cr3t-9x /user:app",
    "net use \\\\h\\s /user:app S3cr3t-9x",
    "net use z: /user:app S3cr3t-9x",
    "net user app S3cr3t-9x /add",
    "impdp userid=app/S3cr3t-9x directory=d",
  ],
  "user/password@database": [
    "app/S3cr3t-9x@orders",
    "connect app/S3cr3t-9x@//db.internal:1521/orders",
    "app/S3cr3t-9x@db:1521",
    "app/S3cr3t-9x@orders.db.example.com",
    "scott/S3cr3t-9x@orcl",
  ],
  "words before a secret": [
    "the password is S3cr3t-9x",
    "tried password S3cr3t-9x, gave up",
    "das Passwort lautet S3cr3t-9x",
    "https://orders.azurewebsites.net/api/refund?a=b&code=S3cr3t-9x",
    "openssl rsa -passin pass:S3cr3t-9x",
  ],
};

describe.each(Object.entries(secrets))("findTextPatterns, %s", (_kind, texts) => {
  it.each(texts)("masks the secret in %j, and that alone", (text) => {
    expect(text).toContain("S3cr3t-9x");
    expect(mask(text)).toBe(text.replace("S3cr3t-9x", () => "*"));
  });
});

const letters = "abcdefghijklmnopqrstuvwxyz./ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const hex = "0123456789abcdef".repeat(4);
const hashes = [
  `$2b$12$${letters.slice(0, 53)}`,
  `$2y$10$${letters.slice(0, 53)}`,
  `$1$salt$${letters.slice(0, 22)}`,
  `$apr1$salt$${letters.slice(0, 22)}`,
  `$5$rounds=5000$salt$${letters.slice(0, 43)}`,
  `$6$salt$${letters.slice(0, 60)}`,
  `$y$j9T$salt$${letters.slice(0, 43)}`,
  `$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$${letters.slice(0, 43)}`,
  `$pbkdf2-sha256$29000$salt$${letters.slice(0, 43)}`,
  `$scrypt$ln=16,r=8,p=1$salt$${letters.slice(0, 43)}`,
  `$P$B${letters.slice(0, 30)}`,
  "SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVkS2V5:c2VydmVyS2V5",
  `md5${hex.slice(0, 32)}`,
  `*${hex.slice(0, 40).toUpperCase()}`,
  `{SSHA}${btoa(letters.slice(0, 24))}`,
  `{CRYPT}$6$salt$${letters.slice(0, 60)}`,
  `pbkdf2_sha256$600000$salt$${letters.slice(0, 43)}=`,
  `pbkdf2:sha256:600000$salt$${hex}`,
  `scrypt:32768:8:1$salt$${hex}`,
  `sha1$salt$${hex.slice(0, 40)}`,
];

describe("findTextPatterns, hashes of passwords", () => {
  it.each(hashes)("masks %s, alone and in a line", (hash) => {
    expect(mask(hash)).toBe("*");
    expect(mask(`role app has ${hash} for one`)).toBe("role app has * for one");
    expect(mask(`app:${hash}:19000:0`)).toContain("app:*");
  });
});

describe("findTextPatterns, a private JWK in YAML", () => {
  const secret = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

  it.each([
    `kty: OKP\ncrv: Ed25519\nd: ${secret}\n`,
    `- kty: oct\n  k: '${secret}'\n`,
    `{kty: RSA, n: abc, p: ${secret}}`,
  ])("is masked in %j", (text) => {
    expect(mask(text)).toBe(text.replace(secret, "*"));
  });

  it.each([`d: ${secret}`, `kty: OKP\nx: ${secret}`, "kty: oct\nk: v1", `kty of d: ${secret}`])(
    "is none in %j",
    (text) => {
      expect(mask(text)).toBe(text);
    },
  );
});
