import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findKeyValuePairs } from "./key-value-pairs.js";

const mask = (text: string): string =>
  maskFindings(text, findKeyValuePairs(text)).replaceAll("***REDACTED***", "*");

describe("findKeyValuePairs", () => {
  it.each([
    ["host=h password=x user=u", "host=h password=* user=u"],
    ["host=h password=a\\ b user=u", "host=h password=* user=u"],
    ["host=h password='a b' user=u", "host=h password='*' user=u"],
    ["password='it''s' user=u", "password='*' user=u"],
    ["password='it\\'s' user=u", "password='*' user=u"],
    [
      "jdbc:sqlserver://h:1433;user=sa;password=p@ss;db=x",
      "jdbc:sqlserver://h:1433;user=sa;password=*;db=x",
    ],
    ["Server=h;Pwd={a;b=c};Database=x", "Server=h;Pwd=*;Database=x"],
    ["https://h/?access_token=x&a=1", "https://h/?access_token=*&a=1"],
    [
      "https://h/?to=https%3A%2F%2Fx%3Ftoken%3Dabc%26a%3D1",
      "https://h/?to=https%3A%2F%2Fx%3Ftoken%3D*%26a%3D1",
    ],
    ['{"password":"a\\"b","x":1}', '{"password":"*","x":1}'],
    ['{\\"api_key\\":\\"abc\\",\\"x\\":1}', '{\\"api_key\\":\\"*\\",\\"x\\":1}'],
    ["{'secret': 'abc', 'x': 1}", "{'secret': '*', 'x': 1}"],
    ['tokens: ["a", ["b"]] x', "tokens: * x"],
    ["credentials={user: {a: 1}, pass: b} x", "credentials=* x"],
    [":api_key => 'abc'", ":api_key => '*'"],
    ['headers["x-api-key"] = "abc"', 'headers["x-api-key"] = "*"'],
    ["the api key: abc1 expired", "the api key: * expired"],
    ["Authorization: Digest username=x, response=y\nHost: h", "Authorization: *\nHost: h"],
    ["Set-Cookie: a=b; Path=/\r\nHost: h", "Set-Cookie: *\r\nHost: h"],
    ["Key (api_key)=(abc) already exists", "Key (api_key)=* already exists"],
    ["db.password=x", "db.password=*"],
    ["pass\u200dword=x", "pass\u200dword=*"],
    ["password -> a1b2", "password -> *"],
    ["api_key → a1b2 used", "api_key → * used"],
    [
      "%7B%22password%22%3A%22a1b2%22%2C%22x%22%3A1%7D",
      "%7B%22password%22%3A%22*%22%2C%22x%22%3A1%7D",
    ],
    ["%7b%22password%22%3a+%22a%20b%22%7d", "%7b%22password%22%3a+%22*%22%7d"],
    [
      "%257B%2522password%2522%253A%2522a1b2%2522%257D",
      "%257B%2522password%2522%253A%2522*%2522%257D",
    ],
    ["?q=%7B%27api_key%27:%20%27a1b2%27%7D&b=c", "?q=%7B%27api_key%27:%20%27*%27%7D&b=c"],
    ["password='never closed", "password='*"],
  ])("masks the value in %s", (text, masked) => {
    expect(mask(text)).toBe(masked);
  });

  it.each([
    "keyboard=de monkey=x token_ttl=5",
    "PaymentProcessing::Token::Handler",
    "password=null token: undefined secret=",
    "max_tokens=4096",
    "tokens=512 prompt_tokens=33",
    "password: required",
    "token: expired.",
    "user->password->a1b2",
    "password -> string",
    "%7B%22name%22%3A%22a1b2%22%7D",
    "password=***REDACTED***",
    "at verify (/srv/token.js:12:5)",
    "password authentication failed for user",
  ])("leaves %s alone", (text) => {
    expect(findKeyValuePairs(text)).toEqual([]);
  });

  it("is in doubt about a plain word after a colon: prose reads the same", () => {
    expect(findKeyValuePairs("token: elephant")[0]?.lowConfidence).toBe(true);
    expect(findKeyValuePairs("token: el3phant")[0]?.lowConfidence).toBe(false);
    expect(findKeyValuePairs('token: "required"')[0]?.lowConfidence).toBe(false);
    expect(findKeyValuePairs("token=required")[0]?.lowConfidence).toBe(false);
  });
});
