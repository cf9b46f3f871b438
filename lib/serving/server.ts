import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "@/lib/domain/principal";
import { bodyLimit } from "@/lib/http/body-limits";
import { type Admission, type CheckedRequest, refuseForm, refuseLength } from "@/lib/http/check-request";
import { type FrontServer, startFrontServer } from "@/lib/http/front-server";
import { answerPredict } from "./answer-predict";
import { answerOnlineRequest, type WireAnswer } from "./answer-request";

type Authenticate = (token: string) => Promise<Principal | null>;

const ROUTES: Record<string, string> = {
  "/health": "GET",
  "/get-online-features": "POST",
  "/predict": "POST",
};

/** The serving protocol at the root of a Node HTTP server. */
export function startServing(options: {
  host: string;
  port: number;
  authenticate: Authenticate;
}): Promise<FrontServer> {
  const { host, port, authenticate } = options;
  return startFrontServer({
    host,
    port,
    admit,
    feast: true,
    handle: async (request, response) => send(response, await answer(request, authenticate)),
  });
}

function admit(request: CheckedRequest): Admission {
  const path = pathOf(request.url);
  const limit = bodyLimit(path);
  const isKnown = Object.hasOwn(ROUTES, path) && ROUTES[path] === request.method;
  const refusal =
    refuseForm(request) ??
    (isKnown ? refuseLength(request.headers, limit) : { status: 404, code: "not_found", detail: "Not Found" });
  return { refusal, limit, feast: path !== "/predict" };
}

const pathOf = (url: string) => url.split(/[?#]/, 1)[0] ?? "";

function send(response: ServerResponse, { status, body, contentType = "application/json" }: WireAnswer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": bytes.length,
    "cache-control": "no-store",
  });
  response.end(bytes);
}

async function answer(request: IncomingMessage, authenticate: Authenticate): Promise<WireAnswer> {
  const url = new URL(request.url ?? "/", "http://serving");
  if (url.pathname === "/health") return { status: 200, body: "null" };
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const principal = token ? await authenticate(token).catch(() => null) : null;
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  if (url.pathname === "/predict") return answerPredict(principal, text);
  return answerOnlineRequest({ principal, query: url.searchParams, text });
}
