import { describe, expect, it } from "vitest";
import { maskFindings } from "./finding.js";
import { findUrlCredentials } from "./url-credentials.js";

const mask = (text: string): string =>
  maskFindings(text, findUrlCredentials(text)).replaceAll("***REDACTED***", "*");

describe("findUrlCredentials", () => {
  it.each([
    ["postgres://u:p@h/db", "postgres://*@h/db"],
    ["postgres://u:p%40x@h1,h2/db?sslmode=require", "postgres://*@h1,h2/db?sslmode=require"],
    ["redis://:p@h", "redis://*@h"],
    ["amqp://u:p@h/%2f", "amqp://*@h/%2f"],
    ["https://token@h/x", "https://*@h/x"],
    ["mongodb+srv://u:p@c.example.net/x", "mongodb+srv://*@c.example.net/x"],
    ["jdbc:postgresql://u:p@h/db", "jdbc:postgresql://*@h/db"],
    ["HTTPS://U:P@H", "HTTPS://*@H"],
    ["https://u:p@[::1]:8081/x", "https://*@[::1]:8081/x"],
  ])("takes the user-info out of %s", (url, masked) => {
    expect(mask(url)).toBe(masked);
  });

  it.each([
    "p@x",
    "p/x",
    "p#x",
    "p?x",
    "p:x",
    "p@/#?x",
    "123/4",
    "p\\x",
    "a?b=c",
    "://x",
    'p"x',
    "p x",
    'p@a"x',
    "p@a'x",
    "p@<x",
    "p@a>x",
    "p@`x",
    "p://a@b",
    "p://a@b/c",
  ])("finds the end of the password %j", (password) => {
    const masked = mask(`postgres://user:${password}@h:5432/db`);
    expect(masked).toBe("postgres://*@h:5432/db");
  });

  it("finds each of several URLs, separated by a comma or a space", () => {
    expect(mask("amqp://u:p@h1,amqp://u:p@h2 and redis://:q@h3")).toBe(
      "amqp://*@h1,amqp://*@h2 and redis://*@h3",
    );
  });

  it("stops at the quote around the URL", () => {
    expect(mask('{"url":"postgres://u:p@h/db","mail":"a@b.example"}')).toBe(
      '{"url":"postgres://*@h/db","mail":"a@b.example"}',
    );
    expect(mask("<postgres://u:p@h/db>,<a@b.example>")).toBe("<postgres://*@h/db>,<a@b.example>");
    expect(mask("url='postgres://u:p@a\"b'c@h/db',mail='a@b.example'")).toBe(
      "url='postgres://*@h/db',mail='a@b.example'",
    );
  });

  it.each([
    "https://h/cb?email=a@b.example",
    "https://registry.example:4873/@scope/package",
    "https://medium.example/@user/post",
    "http://127.0.0.1:5173/@fs/x.js",
    "file:///srv/node_modules/.pnpm/pg@8.16.3/lib/client.js:1:2",
    "postgresql://localhost/tasker",
    "postgres://h:5432/db?application_name=a@b",
    "http://[::1]:8081/health",
    "write to a@b.example or see https://example.com/docs",
  ])("leaves %s alone", (text) => {
    expect(findUrlCredentials(text)).toEqual([]);
  });

  it("names the password alone, decoded too, so that it is recognized elsewhere", () => {
    expect(findUrlCredentials("postgres://u:p%40ssw0rd1@h")[0]?.secrets).toEqual([
      "u:p%40ssw0rd1",
      "p%40ssw0rd1",
      "p@ssw0rd1",
    ]);
  });

  it("finds nothing in what is masked already", () => {
    expect(findUrlCredentials("postgres://***REDACTED***@h")).toEqual([]);
  });
});
