import { describe, expect, it } from "vitest";
import { createRedactor } from "./index.js";

const megabyte = 1_000_000;

/** Each is a beginning that some pattern would pursue to the end of the text, again and again, were it not bounded. */
const beginnings = [
  "a",
  "a:",
  "@",
  "a@",
  "://",
  "a://b:c",
  "a://b:c ",
  "a://b:c@",
  "x:y@z,",
  "password=",
  "password={",
  "password='",
  'password=\\"',
  "authorization: x\n",
  "&a",
  "%3d",
  "?a=b",
  "api key ",
  "eyJ",
  "eyJa.b",
  "-----BEGIN ",
  "-----BEGIN CERTIFICATE-----",
  "ghp_",
  "sk-",
  "bearer \t",
  "пароль:",
  "\\",
  "[",
  "u/",
  "u/p@",
  "a.b@",
  " -a",
  "-p'",
  "'a -b ",
  "mysql -p",
  "curl -u ",
  "--password ",
  "set password ",
  "password '",
  "password $a",
  "identified by ",
  "create user a ",
  "hmac(a,",
  "<a ",
  "<password>",
  '<entry key="password">',
  "<key>password</key><string>",
  "name=password a=b,",
  'value="x" name="a" ',
  "name=a\n",
  "machine h login u ",
  "h:5432:d:u:",
  "$6$",
  "$2b$12$",
  "SCRAM-SHA-256$1",
  'kty"d":"',
  '"kty":"oct","k":"\\',
  "kty: d: a",
  "password /*",
  "password --\n",
  "pragma key",
  "set a to ",
  "echo a | stdin",
  "a:b | chpasswd",
  "net use \\\\a\\b ",
  "password -> ",
  "%22password%22%3A%22",
  "fly secrets set a=",
  "Private-Lines: 1 ",
  "setuser u ",
  "token aaaaaaaaaaaaaaaa",
  "password is ",
  "abc8Q~",
  "a+ASt",
  "JQQJ9",
];

describe("a megabyte of hostile text", () => {
  const redactor = createRedactor({ secrets: ["hunter2hunter2"] });

  // There is no limit here but the suite's own time-out: anything but linear work would take hours.
  it.each(beginnings)("of %j comes to an end", (beginning) => {
    const text = beginning.repeat(Math.ceil(megabyte / beginning.length));
    expect(redactor.redact(`${text} hunter2hunter2`).value).not.toContain("hunter2");
  });

  it.each([
    ['"kty":"oct","k":"', "\\"],
    ['"kty":"oct","k":"', "a"],
    ["name=password ", "\\"],
    ["password ", "a"],
  ])("behind %j, of %j alone, comes to an end", (beginning, character) => {
    expect(
      redactor.redact(`hunter2hunter2 ${beginning}${character.repeat(megabyte)}`).value,
    ).not.toContain("hunter2");
  });
});
