import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseEnvironment } from "./environment";
import { forwardingFlag, forwardingSign, isOnlyThisMachine, noteForwarding } from "./only-this-machine";

const holder = globalThis as { tributaryEnvironment?: unknown };

function given(variables: Record<string, string>) {
  holder.tributaryEnvironment = parseEnvironment({ TRIBUTARY_LOG_LEVEL: "silent", ...variables });
}

beforeEach(() => given({}));
afterEach(() => {
  forwardingFlag()[0] = 0;
  holder.tributaryEnvironment = undefined;
});

describe("only this machine can reach the server", () => {
  it.each<[Record<string, string>, boolean]>([
    [{}, true],
    [{ HOST: "::1" }, true],
    [{ HOST: "localhost", NEXTAUTH_URL: "http://localhost:3000" }, true],
    [{ NEXTAUTH_URL: "http://[::1]:3000" }, true],
    [{ HOST: "0.0.0.0" }, false],
    [{ HOST: "192.168.1.5" }, false],
    [{ NEXTAUTH_URL: "https://portal.example" }, false],
    [{ TRIBUTARY_ROLE: "worker" }, false],
  ])("with %j: %s", (variables, expected) => {
    given(variables);
    expect(isOnlyThisMachine()).toBe(expected);
  });

  it.each<[Record<string, string>, string | null]>([
    [{ host: "127.0.0.1:3000" }, null],
    [{ host: "localhost" }, null],
    [{ host: "[::1]:3000" }, null],
    [{ host: "tributary.localhost:3000" }, null],
    [{ host: "127.0.0.1.example.org" }, "host"],
    [{ host: "rebound.example:3000" }, "host"],
    [{}, "host"],
    [{ host: "127.0.0.1:3000", "x-forwarded-for": "127.0.0.1" }, "x-forwarded-for"],
    [{ host: "127.0.0.1:3000", "x-forwarded-host": "localhost" }, "x-forwarded-host"],
    [{ host: "127.0.0.1:3000", forwarded: "for=1.2.3.4" }, "forwarded"],
    [{ host: "127.0.0.1:3000", via: "1.1 proxy" }, "via"],
    [{ host: "127.0.0.1:3000", "x-real-ip": "1.2.3.4" }, "x-real-ip"],
  ])("a request with %j shows %s", (headers, sign) => {
    expect(forwardingSign({ httpVersion: "1.1", headers })).toBe(sign);
    noteForwarding({ httpVersion: "1.1", headers });
    expect(isOnlyThisMachine()).toBe(sign === null);
  });

  it("is over with the first forwarded request, also for those that come after it", () => {
    noteForwarding({ httpVersion: "1.0", headers: { host: "127.0.0.1:3000" } });
    noteForwarding({ httpVersion: "1.1", headers: { host: "127.0.0.1:3000" } });
    expect(isOnlyThisMachine()).toBe(false);
  });
});
