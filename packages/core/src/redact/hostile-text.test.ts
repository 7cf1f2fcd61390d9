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
});
