import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { environment } from "@/lib/config/environment";
import { log } from "@/lib/config/log";
import { noteForwarding } from "@/lib/config/only-this-machine";
import { withoutBadCallback } from "./auth-requests";
import { type Admission, type CheckedRequest, tooLarge } from "./check-request";
import { type Refusal, writeRefusal } from "./refusal";

/** Longer than clients keep an idle connection, so that they close it and never meet one that is just being closed. */
const KEEP_ALIVE_MS = 75_000;
/** How long a refused client may go on sending before its connection ends: closing at once would lose the answer. */
const LINGER_MS = 2000;
/** How long a stopping server waits for answers on their way. */
const DRAIN_MS = 3000;

export interface FrontServerOptions {
  host: string;
  port: number;
  /** What is said of a request by its head, before anything of it is read. */
  admit(request: CheckedRequest): Admission;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> | void;
  /** Whether errors below any request (malformed HTTP) have Feast's form. */
  feast?: boolean;
}

export interface FrontServer {
  port: number;
  /** Takes nothing new, lets what is on its way end, and cuts off what takes longer than three seconds. */
  close(): Promise<void>;
}

/**
 * The one HTTP server of every role, in front of whatever answers: sockets, limits of bodies and draining live here. A body is
 * limited by its Content-Length, and by its bytes while they come; nothing is parsed before.
 */
export async function startFrontServer(options: FrontServerOptions): Promise<FrontServer> {
  const take = (request: IncomingMessage, response: ServerResponse) => receive(options, request, response);
  const server = createServer(
    // The host is checked with everything else, for an answer that says what is wrong.
    { keepAliveTimeout: KEEP_ALIVE_MS, requireHostHeader: false },
    take,
  );
  // A client that asks before it sends: refused without the body.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (admission(options, request).refusal === null) response.writeContinue();
    take(request, response);
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    const { refusal } = admission(options, request);
    answerRaw(socket, refusal ?? MALFORMED, request, options.feast ?? false);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    answerRaw(socket, CLIENT_ERRORS[error.code ?? ""] ?? MALFORMED, null, options.feast ?? false);
  });
  // Of all connections, also of those that the server no longer counts, as when somebody took one over to speak another protocol.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => sockets.forEach((socket) => socket.destroy()), DRAIN_MS);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

const MALFORMED: Refusal = { status: 400, code: "bad_request", detail: "This is not a request of HTTP/1.1." };
const CLIENT_ERRORS: Record<string, Refusal> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "headers_too_large",
    detail: "The headers and the address are larger than 16 KB. Send less.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "timeout",
    detail: "The request did not arrive in time. Send it again.",
  },
};

/** The head as the options judge it. An absolute address, as a proxy's client sends it, is one of this server. */
function admission({ admit }: FrontServerOptions, request: IncomingMessage): Admission {
  const { method = "GET", headers } = request;
  request.url = (request.url ?? "/").replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, "") || "/";
  return admit({ method, url: request.url, headers });
}

function receive(options: FrontServerOptions, request: IncomingMessage, response: ServerResponse): void {
  noteForwarding(request);
  settleAddress(request);
  settleHead(request);
  const { refusal, limit, feast } = admission(options, request);
  if (refusal) {
    // Too long a body is not waited for; a short one is read away, and the connection stays.
    if (isLong(request, limit)) return answerRaw(request.socket, refusal, request, feast);
    const { headers, body } = writeRefusal(refusal, { requestId: request.headers["x-request-id"], feast });
    response.writeHead(refusal.status, headers).end(request.method === "HEAD" ? undefined : body);
    return;
  }
  // What was answered before it was read to its end is thrown away for a moment only.
  response.once("finish", () => {
    if (!request.complete) setTimeout(() => request.complete || request.socket.destroy(), LINGER_MS).unref();
  });
  limitBody(request, limit, () => answerRaw(request.socket, tooLarge(limit), request, feast));
  // No cache between here and the reader keeps an answer that does not say otherwise itself.
  if (request.url?.startsWith("/api/")) response.setHeader("cache-control", "no-store");
  void Promise.resolve(options.handle(request, response)).catch((error: unknown) => {
    // The client went away.
    if (request.destroyed && !request.complete) return;
    log().error({ err: error }, "a request was not answered");
    if (response.headersSent) return response.destroy();
    const { headers, body } = writeRefusal(FAILED, { requestId: request.headers["x-request-id"], feast });
    response.writeHead(FAILED.status, headers).end(body);
  });
}

/**
 * Where no public address is set, no proxy is promised, and what a client says of its own address is not believed: sign-in counts by
 * that of the connection.
 */
function settleAddress(request: IncomingMessage): void {
  const { remoteAddress } = request.socket;
  if (environment().NEXTAUTH_URL === undefined && remoteAddress) request.headers["x-forwarded-for"] = remoteAddress;
}

/** Conditions that nothing here answers by: a server may ignore them, and the framework answers 500 where one does not hold. */
const IGNORED = ["range", "if-range", "if-match", "if-unmodified-since"];

/** Leaves out of the head what the framework stumbles over, and what the answer does not depend on. */
function settleHead({ headers }: IncomingMessage): void {
  for (const name of IGNORED) delete headers[name];
  if (headers.cookie !== undefined) headers.cookie = withoutBadCallback(headers.cookie);
}

const FAILED: Refusal = {
  status: 500,
  code: "internal",
  detail: "Internal error. The server's log has the details.",
};

function isLong({ headers }: IncomingMessage, limit: number): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > limit;
}

/** Counts a body while it comes. What exceeds the limit reaches nobody: the reader sees a request that breaks off. */
function limitBody(request: IncomingMessage, limit: number, refuse: () => void): void {
  const push = request.push.bind(request);
  let received = 0;
  let isRefused = false;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding) => {
    if (isRefused) return true;
    received += chunk?.length ?? 0;
    if (received <= limit) return push(chunk, encoding);
    isRefused = true;
    refuse();
    return true;
  };
}

/**
 * Answers on the socket itself and ends the connection: the answer at once, then, for a moment, what the client still sends is
 * thrown away, so that it reads the answer instead of meeting a reset.
 */
function answerRaw(socket: Socket, refusal: Refusal, request: IncomingMessage | null, feast: boolean): void {
  const { headers, body } = writeRefusal(refusal, { requestId: request?.headers["x-request-id"], feast });
  const lines = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable)
    socket.end(`HTTP/1.1 ${refusal.status} ${STATUS_TEXT[refusal.status] ?? "Error"}\r\n${lines.join("")}\r\n${body}`);
  request?.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const STATUS_TEXT: Record<number, string> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  413: "Content Too Large",
  431: "Request Header Fields Too Large",
};
