import { request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { forwardingFlag } from "@/lib/config/only-this-machine";
import { admit } from "./check-request";
import { type FrontServer, startFrontServer } from "./front-server";

const MEGABYTE = 1024 * 1024;
const running: FrontServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  // A request without a host looks like a proxy's; other tests run in this process.
  forwardingFlag()[0] = 0;
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void) {
  const server = await startFrontServer({ host: "127.0.0.1", port: 0, admit, handle });
  running.push(server);
  return server;
}

/** Reads a body to its end and says its length; notes what broke off. */
function reader() {
  const seen = { complete: 0, broken: 0 };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let length = 0;
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) length += chunk.length;
      seen.complete += 1;
    } catch {
      seen.broken += 1;
    }
    response.end(String(length));
  };
  return { seen, handle };
}

interface Answer {
  text: string;
  error: string | null;
}

/** Writes to a socket until the server ends the connection; what is written may have no end. */
function speak(port: number, parts: Iterable<string>): Promise<Answer> {
  return new Promise((resolve) => {
    let text = "";
    let error: string | null = null;
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("error", (thrown: NodeJS.ErrnoException) => (error = thrown.code ?? thrown.message));
    socket.on("close", () => resolve({ text, error }));
    const iterator = parts[Symbol.iterator]();
    const write = () => {
      // As clients do: who was answered stops sending.
      for (let next = iterator.next(); !next.done && !text; next = iterator.next())
        if (!socket.write(next.value)) return socket.once("drain", () => setImmediate(write));
    };
    socket.on("connect", write);
  });
}

function* chunked(path: string, bytes: number): Generator<string> {
  yield `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const part = "[".repeat(64 * 1024);
  for (let sent = 0; sent < bytes; sent += part.length) yield `${part.length.toString(16)}\r\n${part}\r\n`;
  yield "0\r\n\r\n";
}

describe("the HTTP server", () => {
  it("does not believe what a client says of its own address", async () => {
    const { port } = await listen((request, response) => void response.end(request.headers["x-forwarded-for"]));
    const spoofed = { "x-forwarded-for": "203.0.113.7" };
    const said = await fetch(`http://127.0.0.1:${port}/`, { headers: spoofed }).then((answer) => answer.text());
    expect(said).toBe("127.0.0.1");
  });

  it.each(["/api/v1/runs", "/api/auth/callback/credentials", "/api/v1/setup"])(
    "answers a streamed body of 300 MB to %s with 413, and its reader sees that it broke off",
    async (path) => {
      const { seen, handle } = reader();
      const { port } = await listen(handle);
      const { text, error } = await speak(port, chunked(path, 300 * MEGABYTE));
      expect(text).toMatch(/^HTTP\/1\.1 413 Content Too Large\r\n/);
      expect(text).toContain("content-type: application/problem+json");
      expect(text).toMatch(/"code":"too_large","detail":"The body is larger than 1 MB/);
      expect(error).toBeNull();
      await vi.waitFor(() => expect(seen).toEqual({ complete: 0, broken: 1 }), 5000);
    },
  );

  it("lets no cache keep an answer of the API that does not say otherwise", async () => {
    const { port } = await listen((_, response) => void response.end());
    const kept = async (address: string) =>
      (await fetch(`http://127.0.0.1:${port}${address}`)).headers.get("cache-control");
    expect([await kept("/api/v1/me"), await kept("/api/nothing"), await kept("/favicon.svg")]).toEqual(["no-store", "no-store", null]); // prettier-ignore
  });

  it("leaves out of a head what the framework answers 500 to", async () => {
    const { port } = await listen(({ headers }, response) => void response.end(JSON.stringify(headers)));
    const conditions = { range: "bytes=9-1", "if-range": "x", "if-match": '"x"', "if-unmodified-since": "x" };
    const cookie = "a=b; next-auth.callback-url=javascript%3Ax; __Secure-next-auth.callback-url=%E0; next-auth.session-token=c"; // prettier-ignore
    const answer = await fetch(`http://127.0.0.1:${port}/favicon.svg`, { headers: { ...conditions, cookie } });
    const seen = (await answer.json()) as Record<string, string>;
    expect(seen.cookie).toBe("a=b; next-auth.session-token=c");
    expect(Object.keys(conditions).filter((name) => name in seen)).toEqual([]);
    const kept = "next-auth.callback-url=http%3A%2F%2F127.0.0.1%3A3000%2Ffeatures";
    const other = await fetch(`http://127.0.0.1:${port}/favicon.svg`, { headers: { cookie: kept } });
    expect(((await other.json()) as Record<string, string>).cookie).toBe(kept);
  });

  it("answers a length that is too large at once, also to a client that asks first", async () => {
    const { seen, handle } = reader();
    const { port } = await listen(handle);
    for (const expectation of ["", "Expect: 100-continue\r\n"]) {
      const head = `POST /api/v1/runs HTTP/1.1\r\nHost: 127.0.0.1\r\n${expectation}Content-Length: 300000000\r\n\r\n`;
      expect((await speak(port, [head])).text).toMatch(/^HTTP\/1\.1 413 /);
    }
    expect(seen).toEqual({ complete: 0, broken: 0 });
  });

  it("passes on what is within the limit, larger where the route says so", async () => {
    const { handle } = reader();
    const { port } = await listen(handle);
    const post = async (path: string, bytes: number) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: "x".repeat(bytes) });
      return response.status === 200 ? Number(await response.text()) : response.status;
    };
    expect(await post("/api/v1/runs", MEGABYTE)).toBe(MEGABYTE);
    expect(await post("/api/v1/runs", MEGABYTE + 1)).toBe(413);
    expect(await post("/api/v1/specs/apply", 19 * MEGABYTE)).toBe(19 * MEGABYTE);
    expect(await post("/api/v1/specs/apply", 21 * MEGABYTE)).toBe(413);
  });

  it.each<[string, string, RegExp]>([
    ["TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", "405", /method_not_allowed/],
    ["CONNECT x:1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "405", /method_not_allowed/],
    ["NONSENSE / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "400", /bad_request/],
    ["GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400", /Host header/],
    [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nA: ${"a".repeat(50_000)}\r\n\r\n`, "431", /headers_too_large/],
    ["\x16\x03\x01\x02", "400", /bad_request/],
    [
      "GET /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: <b>\r\nConnection: close\r\n\r\n",
      "404",
      /"requestId":"[\w-]+"/,
    ],
    [
      "GET /api/nothing HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: mine_1\r\nConnection: close\r\n\r\n",
      "404",
      /"requestId":"mine_1"/,
    ],
  ])("answers %j with %s", async (sent, status, said) => {
    const { port } = await listen((_, response) => void response.end());
    const { text } = await speak(port, [sent]);
    expect(text.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(text).toContain("application/problem+json");
    expect(text).toMatch(said);
  });

  it("lets an answer on its way end when it stops, and takes nothing new", async () => {
    let finish = () => {};
    let arrived = () => {};
    const inside = new Promise<void>((resolve) => (arrived = resolve));
    const { port, close } = await listen(async (_, response) => {
      arrived();
      await new Promise<void>((resolve) => (finish = resolve));
      response.end("done");
    });
    const answer = fetch(`http://127.0.0.1:${port}/`).then((response) => response.text());
    await inside;
    const closed = close();
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    finish();
    expect(await answer).toBe("done");
    await closed;
  });

  it("stops also while a connection is held that somebody took over", async () => {
    const server = await listen(({ socket }, response) => {
      // As the framework does: from now on, whoever offers another protocol is its own, and is never answered.
      (socket as unknown as { server: Server }).server.on("upgrade", () => undefined);
      response.end();
    });
    await fetch(`http://127.0.0.1:${server.port}/`);
    const asked = speak(server.port, ["GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    running.length = 0;
    await server.close();
    expect(await asked).toMatchObject({ text: "" });
  });

  it("cuts off an answer that never ends when it stops", async () => {
    const { port, close } = await listen((_, response) => void response.write("forever"));
    const ended = new Promise<string>((resolve) => {
      ask({ port, host: "127.0.0.1", path: "/" }, (response) => {
        response.on("error", (error) => resolve(error.message));
        response.resume();
      }).end();
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await close();
    expect(await ended).toBe("aborted");
  });
});
