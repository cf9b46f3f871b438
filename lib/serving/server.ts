import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Principal } from "@/lib/domain/principal";
import { answerOnlineRequest, type WireAnswer } from "./answer-request";
import { refused } from "./wire-error";

/** Larger than any honest batch; a body beyond it is refused before it fills the memory. */
const MOST_BYTES = 32 * 1024 * 1024;

export interface ServingServer {
  port: number;
  close(): Promise<void>;
}

/** The serving protocol at the root of a bare Node HTTP server. */
export async function startServing(options: {
  host: string;
  port: number;
  authenticate: (token: string) => Promise<Principal | null>;
}): Promise<ServingServer> {
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, options.authenticate);
    const bytes = Buffer.from(body);
    response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
    response.end(bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  authenticate: (token: string) => Promise<Principal | null>,
): Promise<WireAnswer> {
  const url = new URL(request.url ?? "/", "http://serving");
  if (request.method === "GET" && url.pathname === "/health") return { status: 200, body: "null" };
  if (request.method !== "POST" || url.pathname !== "/get-online-features") return refused(404, "Not Found");
  const text = await bodyOf(request);
  if (text === null) return refused(413, `The body is larger than ${MOST_BYTES} bytes. Send fewer rows at once.`);
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const principal = token ? await authenticate(token).catch(() => null) : null;
  return answerOnlineRequest({ principal, query: url.searchParams, text });
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
