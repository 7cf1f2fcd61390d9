/** How to find one kind of secret in a text. */
export interface TextPattern {
  /** A text in which, in lower case, none of these is found is not searched: most hold none, and this is cheap. */
  readonly marks: readonly (string | RegExp)[];
  /**
   * With the flags `d` and `g`; the group `secret` is the secret. Where there is a group `key`, it must be a sensitive
   * key. Every repetition is bounded or cannot fail, so that hostile text costs linear time.
   */
  readonly pattern: RegExp;
  /** Whether the secret must look like one, since prose reads the same. */
  readonly unlessOrdinary?: boolean;
}

const sqlString = String.raw`[A-Z&]{0,2}(?:'(?<secret>(?:[^'\\]|''|\\.){1,1024})|"(?<quoted>[^"]{1,1024}))`;
const attributeValue = String.raw`\\*(?:["'])?(?<secret>(?<=")[^"\\]{1,1024}|(?<=')[^'\\]{1,1024}|(?<!["'])[^"'\s,;}<>\\]{1,1024})`;
const nameAttribute = String.raw`(?<![\w-])\w{0,16}?(?:name|key|field|variable|property|parameter|header|id)\\*["']?\s{0,4}[=:]\s{0,4}\\*["']?(?<key>[\w.:-]{1,64})\\*["']?`;
const valueAttribute = String.raw`(?<![\w-])\w{0,16}?(?:value|val|content|data)\\*["']?\s{0,4}[=:]\s{0,4}${attributeValue}`;
const hasValueAttribute = /(?:val|value|content|data)\\*["']?\s{0,4}[=:]/;
/** What may stand between the two. */
const otherAttributes = String.raw`[\s,;]{1,64}(?:\\*["']?[\w.:-]{1,40}\\*["']?\s?[=:]\s?\\*["']?[^"'\s,;<>]{0,64}["']?[\s,;]{1,16}){0,2}\\*["']?`;
/** Elements that hold a value under the name in an attribute. */
const namedElement =
  "(?:entry|string|property|prop|param|parameter|setting|variable|env|option|config|field|secret|item|add|attribute|value|data|key)";

/** What secrets stand in beside `key=value`. Examples of each are in the test. */
export const textPatterns: Readonly<Record<string, TextPattern>> = {
  "SQL: PASSWORD 'x', SECRET_ACCESS_KEY 'x'": {
    marks: ["password", "secret_access_key"],
    pattern: regExp(
      String.raw`\b(?:password|secret_access_key|access_key_id)\s{1,16}(?:to\s{1,8})?${sqlString}`,
    ),
  },
  "SQL: SECRET 'x'": {
    marks: ["secret"],
    pattern: regExp(String.raw`\bsecret\s{1,16}'(?<secret>[^']{1,1024})`),
    unlessOrdinary: true,
  },
  "SQL: PASSWORD $$x$$": {
    marks: ["password"],
    pattern: regExp(
      String.raw`\bpassword\s{1,16}\$(?<tag>\w{0,16})\$(?<secret>[^$]{1,512})\$\k<tag>\$`,
    ),
  },
  "SQL: PASSWORD('x'), crypt('x', …), set_config('app.secret', 'x')": {
    marks: ["password(", "crypt(", "set_config("],
    pattern: regExp(String.raw`\b(?:(?:old_)?password|crypt)\(\s{0,8}${sqlString}`),
  },
  "SQL: set_config('app.secret', 'x')": {
    marks: ["set_config("],
    pattern: regExp(
      String.raw`\bset_config\(\s{0,8}'(?<key>[\w.]{1,64})'\s{0,8},\s{0,8}${sqlString}`,
    ),
  },
  "SQL: SET PASSWORD FOR 'u'@'h' = 'x'": {
    marks: ["set password"],
    pattern: regExp(String.raw`\bset\s{1,8}password\s{1,8}for\s[^=;]{1,160}=\s{0,8}${sqlString}`),
  },
  "SQL: IDENTIFIED BY 'x'": {
    marks: ["identified"],
    pattern: regExp(
      String.raw`\bidentified\s{1,8}(?:with\s{1,8}[\w"'\x60]{1,64}\s{1,8})?(?:by|as|using)\s{1,8}(?:(?:password|values)\s{1,8})?${sqlString}`,
    ),
  },
  "SQL: CREATE USER u IDENTIFIED BY x": {
    marks: ["identified"],
    pattern: regExp(
      String.raw`\b(?:create|alter|grant)\s[^;]{1,200}?\sidentified\s{1,8}by\s{1,8}(?!(?:password|values)\s)(?<secret>[^\s;'"]{1,256})`,
    ),
  },
  "SQL: pgp_sym_encrypt(data, 'x'), encrypt(data, 'x', 'aes')": {
    marks: ["crypt(", "crypt_bytea(", "hmac("],
    pattern: regExp(
      String.raw`\b(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|encrypt|decrypt|hmac|aes_(?:en|de)crypt)\([^(),;]{1,200}(?:\([^(),;]{0,100}\))?,\s{0,8}'(?<secret>[^']{1,512})`,
    ),
  },
  "redis.conf: requirepass x": {
    marks: ["requirepass", "masterauth"],
    pattern: regExp(
      String.raw`\b(?:requirepass|masterauth)[ \t]{1,8}["']?(?<secret>[^\s"']{1,256})`,
    ),
  },
  "XML: <password>x</password>": {
    marks: ["</"],
    pattern: regExp(
      String.raw`<(?<key>[\w:.-]{1,64})(?:\s[^<>]{0,256})?>\s{0,64}(?:<!\[CDATA\[)?(?<secret>[^<\s][^<]{0,4096}?)(?:\]\]>)?\s{0,64}</\k<key>`,
    ),
  },
  "XML in XML: &lt;password&gt;x": {
    marks: ["&lt;"],
    pattern: regExp(
      String.raw`&lt;(?<key>[\w:.-]{1,64})&gt;\s{0,64}(?<secret>[^&<\s][^&<]{0,4096})&lt;/`,
    ),
  },
  'XML: <entry key="password">x</entry>': {
    marks: ["</"],
    pattern: regExp(
      String.raw`<${namedElement}\s[^<>]{0,128}?(?<![\w-])(?:key|name|id)\s{0,4}=\s{0,4}["'](?<key>[^"'<>]{1,64})["'][^<>]{0,256}>\s{0,64}(?:<value>\s{0,64})?(?<secret>[^<\s][^<]{0,4096})`,
    ),
  },
  "a property list: <key>password</key><string>x</string>": {
    marks: ["</key>"],
    pattern: regExp(
      String.raw`<key>(?<key>[^<]{1,64})</key>\s{0,64}<\w{1,16}>\s{0,64}(?<secret>[^<\s][^<]{0,4096})`,
    ),
  },
  'a pair of attributes: key="password" value="x"': {
    marks: [hasValueAttribute],
    pattern: regExp(`${nameAttribute}${otherAttributes}${valueAttribute}`),
  },
  'the same the other way round: value="x" name="password"': {
    marks: [hasValueAttribute],
    pattern: regExp(`${valueAttribute}\\\\*["']?${otherAttributes}${nameAttribute}`),
  },
  'a form field: type="password" value="x"': {
    marks: ["password"],
    pattern: regExp(
      String.raw`<input\s[^<>]{0,256}type=["']?password["']?[^<>]{0,256}\svalue=["']?(?<secret>[^"'<>]{1,512})`,
    ),
  },
  'a part of a form: name="password", an empty line, x': {
    marks: ["name="],
    pattern: regExp(
      String.raw`\bname=["']?(?<key>[\w.-]{1,64})["']?(?:\r?\n[\w-]{1,40}:[^\r\n]{0,128}){0,4}\r?\n\r?\n(?<secret>[^\r\n]{1,4096})`,
    ),
  },
  "netrc: machine h login u password x": {
    marks: ["password", "passwd"],
    pattern: regExp(
      String.raw`\b(?:machine\s{1,8}\S{1,256}|default)\s{1,8}(?:(?:login|user|account)\s{1,8}\S{1,256}\s{1,8}){1,2}passw(?:or)?d\s{1,8}(?<secret>\S{1,1024})`,
    ),
  },
  "netrc: login u password x, password before login": {
    marks: ["password", "passwd"],
    pattern: regExp(
      String.raw`\b(?:login\s{1,8}\S{1,256}|machine\s{1,8}\S{1,256})\s{1,8}passw(?:or)?d\s{1,8}(?<secret>\S{1,1024})`,
    ),
    unlessOrdinary: true,
  },
  ".pgpass: host:5432:database:user:x": {
    marks: [/:(?:\d{2,5}|\*):/],
    pattern: regExp(
      String.raw`(?<![^\s"'\x60=>])(?:(?![\da-f]{1,4}:)[\w.*/-]{1,256}|\[[\da-f:.]{2,45}\]):(?:\d{2,5}|\*):(?:\*|[a-z_](?:[^\s:\\]|\\.){0,62}):(?:\*|[a-z_](?:[^\s:\\]|\\.){0,62}):(?<secret>[^\s"'\x60:/](?:[^\s"'\x60:\\]|\\.){0,512})`,
    ),
  },
  "crypt: $2b$…, $6$…, $argon2id$…, $pbkdf2-sha256$…": {
    marks: ["$"],
    pattern: regExp(
      String.raw`(?<secret>\$(?:2[abxy]?\$\d\d\$[./a-z0-9]{20}|(?:1|apr1|md5)\$[./a-z0-9]{1,16}\$[./a-z0-9]{16}|[567y]\$(?:rounds=\d{1,9}\$)?[./a-z0-9$]{16}|gy\$[./a-z0-9$]{16}|argon2(?:id?|d)\$v=|s?crypt\$\S{16}|pbkdf2[\w-]{0,16}\$\S{16}|bcrypt-sha256\$\S{16}|sha1\$\d|[PHS]\$[./a-z0-9]{30})[\w$./=,+-]{0,512})`,
    ),
  },
  "SCRAM-SHA-256$…, pbkdf2_sha256$…, scrypt:32768:8:1$…": {
    marks: ["$"],
    pattern: regExp(
      String.raw`\b(?<secret>(?:SCRAM-SHA-\d{1,3}\$\d|pbkdf2(?:_|:)(?:hmac:)?sha\d{1,3}[$:]\d|bcrypt(?:_sha256)?\$\$2|argon2\$|scrypt:\d|(?:md5|sha1|sha256|sha512)\$\w{1,32}\$[0-9a-f]{16})[\w$:./=,+-]{16,512})`,
    ),
  },
  "PostgreSQL's md5…, MySQL's *…, LDAP's {SSHA}…": {
    marks: [/md5[0-9a-f]{8}|\*[0-9a-f]{8}|\{[\w-]{3,24}\}/],
    pattern: regExp(
      String.raw`(?<secret>(?<![\w-])md5[0-9a-f]{32}(?!\w)|(?<![\w*])\*[0-9A-F]{40}(?!\w)|\{(?:S?SHA\d{0,3}|S?MD5|CRYPT|PBKDF2[\w-]{0,16}|ARGON2|BCRYPT)\}[\w+/=$.,-]{8,512})`,
    ),
  },
  "a private JWK": {
    marks: ["kty"],
    pattern: regExp(
      String.raw`\\*["'](?:d|p|q|dp|dq|qi|k)\\*["']\s{0,8}:\s{0,8}\\*["'](?<secret>[\w+/=-]{8,4096})`,
    ),
  },
  "Azure Functions: ?code=x": {
    marks: ["azurewebsites.net"],
    pattern: regExp(
      String.raw`\bazurewebsites\.net/[^\s?]{0,256}\?(?:[^\s"'&]{1,128}&){0,8}code=(?<secret>[^\s"'&]{8,512})`,
    ),
  },
  "a PuTTY key": {
    marks: ["private-lines:"],
    pattern: regExp(
      String.raw`\bPrivate-Lines: \d{1,4}\s{1,8}(?<secret>(?:[a-z0-9+/=]{1,80}\s{1,4}){1,200})`,
    ),
  },
  "openssl: pass:x": {
    marks: ["pass:"],
    pattern: regExp(String.raw`(?<![\w:])pass:(?<secret>[^\s"'\x60]{1,256})`),
  },
  "ACL SETUSER u >x": {
    marks: ["setuser"],
    pattern: regExp(
      String.raw`\bsetuser\s{1,4}\S{1,64}\s[^\r\n]{0,128}?(?<=\s)[><#](?<secret>\S{1,256})`,
    ),
  },
  "user/password@//host, user/password@host:port": {
    marks: ["@"],
    pattern: regExp(
      String.raw`(?<![^\s"'\x60(=,])[a-z]\w{0,63}/(?<secret>"[^"]{1,128}"|[^\s/@"'\x60]{1,128})@(?!sha\d)(?:(?:[a-z][\w-]{0,62}\.)*[a-z][\w-]{0,62}:\d{2,5}|//[\w.-]{1,256})`,
    ),
  },
  "scott/tiger@orcl": {
    marks: ["@"],
    pattern: regExp(
      String.raw`(?<![^\s"'\x60(=,])[a-z]\w{0,63}/(?<secret>"[^"]{1,128}"|[^\s/@"'\x60]{1,128})@(?:\w{0,32}(?:orcl|db)\w{0,16}|xe)(?![\w@/.-])`,
    ),
  },
  "user/password@db, where the password looks like one": {
    marks: ["@"],
    pattern: regExp(
      String.raw`(?<![^\s"'\x60(=,])[a-z]\w{0,63}/(?<secret>[^\s/@"'\x60]{8,128})@(?!v\d)[a-z][\w.-]{0,128}(?![\w@/])`,
    ),
    unlessOrdinary: true,
  },
  "a token after its scheme": {
    marks: ["token ", "apikey ", "ssws ", "geniekey ", "negotiate ", "ntlm "],
    pattern: regExp(
      String.raw`(?<![\w-])(?:token|apikey|ssws|geniekey|negotiate|ntlm)[ \t]{1,4}["'\x60]?(?<secret>[\w.+/=~-]{16,4096})`,
    ),
    unlessOrdinary: true,
  },
  "prose: the password is x": {
    marks: [
      "password",
      "passphrase",
      "passwort",
      "kennwort",
      "mot de passe",
      "contraseña",
      "senha",
    ],
    pattern: regExp(
      String.raw`(?<![\w-])(?:password|passphrase|passwort|kennwort|mot de passe|contraseña|senha)[ \t]{1,4}(?:(?:is|was|of|ist|lautet|est|es|é)[ \t]{1,4})?["'\x60]?(?!\$\w{0,16}\$)(?<secret>[^\s"'\x60,;]{4,1024})`,
    ),
    unlessOrdinary: true,
  },
};

function regExp(source: string): RegExp {
  return new RegExp(source, "dgi");
}
