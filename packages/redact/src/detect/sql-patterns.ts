import { regExp, type TextPattern } from "./text-pattern.js";

const sqlString = String.raw`[A-Z&]{0,2}(?:'(?<secret>(?:[^'\\]|''|\\.){1,1024})|"(?<quoted>[^"]{1,1024}))`;
/** White space and comments. */
const gap = String.raw`(?:\s|/\*[^*]{0,256}\*/|--[^\r\n]{0,256}[\r\n]){1,16}`;

/** SQL that sets or uses a password. Examples of each are in the test of `find-text-patterns.ts`. */
export const sqlPatterns: Readonly<Record<string, TextPattern>> = {
  "SQL: PASSWORD 'x', SECRET_ACCESS_KEY 'x'": {
    marks: ["password", "secret_access_key"],
    pattern: regExp(
      String.raw`\b(?:password|secret_access_key|access_key_id)${gap}(?:to${gap})?${sqlString}`,
    ),
  },
  "SQL: SECRET 'x'": {
    marks: ["secret"],
    pattern: regExp(String.raw`\bsecret${gap}'(?<secret>[^']{1,1024})`),
    unlessOrdinary: true,
  },
  "SQL: PASSWORD $$x$$": {
    marks: ["password"],
    pattern: regExp(
      String.raw`\bpassword${gap}\$(?<tag>\w{0,16})\$(?<secret>[^$]{1,512})\$\k<tag>\$`,
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
      String.raw`\bidentified${gap}(?:with${gap}[\w"'\x60]{1,64}${gap})?(?:by|as|using)${gap}(?:(?:password|values)${gap})?${sqlString}`,
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
  "SQL: SET app.jwt_secret TO 'x'": {
    marks: [/\bset\s/],
    pattern: regExp(
      String.raw`\bset${gap}(?:(?:local|session|global|persist)${gap})?(?<key>[\w.@]{1,128})${gap}to${gap}${sqlString}`,
    ),
  },
  "SQLite: PRAGMA key = 'x', ATTACH 'f' AS d KEY 'x'": {
    marks: ["pragma", "attach"],
    pattern: regExp(
      String.raw`\b(?:pragma\s{1,8}(?:\w{1,64}\.)?(?:hex)?(?:re)?key\s{0,8}[=(]\s{0,8}|attach\s[^;]{1,256}\sas\s{1,8}\S{1,64}\s{1,8}key\s{1,8})${sqlString}`,
    ),
  },
};
