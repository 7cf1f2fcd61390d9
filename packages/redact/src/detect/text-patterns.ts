import { sqlPatterns } from "./sql-patterns.js";
import { regExp, type TextPattern } from "./text-pattern.js";

const attributeValue = String.raw`\\{0,16}(?:["'])?(?<secret>(?<=")[^"\\]{1,1024}|(?<=')[^'\\]{1,1024}|(?<!["'])[^"'\s,;}<>\\]{1,1024})`;
const nameAttribute = String.raw`(?<![\w-])\w{0,16}?(?:name|key|field|variable|property|parameter|header|id)\\{0,16}["']?\s{0,4}[=:]\s{0,4}\\{0,16}["']?(?<key>[\w.:-]{1,64})\\{0,16}["']?`;
const valueAttribute = String.raw`(?<![\w-])\w{0,16}?(?:value|val|content|data)\\{0,16}["']?\s{0,4}[=:]\s{0,4}${attributeValue}`;
const hasValueAttribute = /(?:val|value|content|data)\\{0,16}["']?\s{0,4}[=:]/;
/** The text that may be between the two. */
const otherAttributes = String.raw`[\s,;]{1,64}(?:\\{0,16}["']?[\w.:-]{1,40}\\{0,16}["']?\s?[=:]\s?\\{0,16}["']?[^"'\s,;<>]{0,64}["']?[\s,;]{1,16}){0,2}\\{0,16}["']?`;
/** Elements that contain a value under the name in an attribute. */
const namedElement =
  "(?:entry|string|property|prop|param|parameter|setting|variable|env|option|config|field|secret|item|add|attribute|value|data|key)";

/** Forms of secrets other than `key=value`. Examples of each are in the test. */
export const textPatterns: Readonly<Record<string, TextPattern>> = {
  ...sqlPatterns,
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
    pattern: regExp(`${valueAttribute}\\\\{0,16}["']?${otherAttributes}${nameAttribute}`),
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
      String.raw`["'](?:d|p|q|dp|dq|qi|k)\\{0,16}["']\s{0,8}:\s{0,8}\\{0,16}["'](?<secret>[\w+/=-]{8,4096})`,
    ),
  },
  "a private JWK in YAML": {
    marks: [/kty["']?\s{0,4}[:=]/],
    pattern: regExp(
      String.raw`(?<![\w"'.-])(?:d|p|q|dp|dq|qi|k)[ \t]{0,4}[:=][ \t]{0,8}["']?(?<secret>[\w+/-][\w+/=-]{15,4096})`,
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
  "chpasswd: bob:x": {
    marks: ["chpasswd"],
    pattern: regExp(
      String.raw`(?<![^\s"'\x60])[\w.-]{1,64}:(?<secret>[^\s"'\x60|]{1,256})["']?\s{0,4}\|\s{0,4}[^|\r\n]{0,64}?\bchpasswd\b|\bchpasswd\b[^|\r\n<]{0,64}<<<?\s{0,4}["']?[\w.-]{1,64}:(?<quoted>[^\s"'\x60|]{1,256})`,
    ),
  },
  "a password on standard input: echo x | docker login --password-stdin": {
    marks: ["stdin", "with-token", "sudo -s", "kinit", "cryptsetup"],
    pattern: regExp(
      String.raw`\b(?:echo|printf)\s{1,4}(?:-\w{1,3}\s{1,4}){0,2}(?:["']?%s(?:\\n)?["']?\s{1,4})?["']?(?<secret>[^\s"'|]{1,256})["']?\s{0,4}\|\s{0,4}[^|\r\n]{0,128}?(?:--(?:password-|with-)?(?:stdin|token)\b|\bsudo\s{1,4}-S\b|\bkinit\b|\bcryptsetup\b)|\b(?:kinit|cryptsetup|sudo\s{1,4}-S)\b[^|\r\n<]{0,128}<<<\s{0,4}["']?(?<quoted>[^\s"'|]{1,256})`,
    ),
  },
  "net use //host/share x": {
    marks: ["net use"],
    pattern: regExp(
      String.raw`\bnet\s{1,4}(?:use\s(?:[^\r\n\\]{0,16}\s)?\\{2,4}[^\s\\]{1,128}\\{1,2}\S{1,128}\s{1,4}(?:/user:\S{1,128}\s{1,4})?(?<secret>[^\s/*]\S{0,255})|use\s[^\r\n]{0,256}?/user:\S{1,128}\s{1,4}(?<quoted>[^\s/*]\S{0,255}))`,
    ),
  },
  "net user u x /add": {
    marks: ["net user"],
    pattern: regExp(
      String.raw`\bnet\s{1,4}user\s{1,4}[^\s/]\S{0,63}\s{1,4}(?<secret>[^\s/*]\S{0,255})\s{1,4}/(?:add|domain|active)`,
    ),
  },
  "Oracle: userid=u/x": {
    marks: ["userid"],
    pattern: regExp(String.raw`\buserid=["']?[a-z]\w{0,63}/(?<secret>[^\s/@"']{1,128})`),
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
