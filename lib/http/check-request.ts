import { findApiRoute, methodsOf } from "./api-routes";
import { refuseAuthRequest } from "./auth-requests";
import { bodyLimit } from "./body-limits";
import type { Refusal } from "./refusal";

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const HOST = /^[A-Za-z0-9._~-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;

/** What links and redirects are made of behind a proxy. */
const PROXY_HEADERS: [name: string, form: RegExp][] = [
  ["x-forwarded-host", HOST],
  ["x-forwarded-proto", /^(?:https?|wss?)$/i],
  ["x-forwarded-port", /^\d{1,5}$/],
];

export interface CheckedRequest {
  method: string;
  /** Path and query as they were sent. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
}

/** What a request may be, decided by its head alone. */
export interface Admission {
  /** Why it is not taken, or null. */
  refusal: Refusal | null;
  /** The most bytes of its body. */
  limit: number;
  /** Whether it speaks Feast's protocol, whose errors have their own form. */
  feast: boolean;
}

/** Everything that can be said of a request of the portal before it is read: a defined answer for what no route should meet. */
export function admit({ method, url, headers }: CheckedRequest): Admission {
  const [address = ""] = url.split(/[?#]/, 1);
  const isApi = isBelowApi(address);
  const route = isApi ? findApiRoute(address) : null;
  return {
    refusal:
      refuseForm({ method, url, headers }) ??
      (isApi ? (refuseApi(method, address, route) ?? refuseAuthRequest(method, url)) : refusePage(method, address)) ??
      refuseLength(headers, bodyLimit(route?.path ?? null)),
    limit: bodyLimit(route?.path ?? null),
    // Predictions are not of Feast's protocol.
    feast: address.startsWith("/api/serving/") && address !== "/api/serving/predict",
  };
}

/** However it is written: what looks like the API to a program is answered as the API, not by a page. */
function isBelowApi(address: string): boolean {
  return /^\/api(?:\/|%2f|$)/i.test(address);
}

/** Pages are only read: whatever changes something is the API. */
function refusePage(method: string, address: string): Refusal | null {
  // The framework's data of another kind of pages, of which there are none here: it stumbles over odd heads there.
  if (address.startsWith("/_next/data/"))
    return { status: 404, code: "not_found", detail: `There is no page at ${address}.` };
  if (method === "GET" || method === "HEAD") return null;
  return {
    status: 405,
    code: "method_not_allowed",
    detail: `Pages answer GET and HEAD, not ${method}. The API is below /api.`,
    headers: { allow: "GET, HEAD" },
  };
}

/** Methods, addresses and names that no part of the product understands. */
export function refuseForm({ method, url, headers }: CheckedRequest): Refusal | null {
  if (!METHODS.has(method))
    return {
      status: 405,
      code: "method_not_allowed",
      detail: `${method} is answered nowhere here. Use one of ${[...METHODS].join(", ")}.`,
      headers: { allow: [...METHODS].join(", ") },
    };
  if (typeof headers.host !== "string" || !HOST.test(headers.host))
    return bad("The Host header is not a host. Send the name of this server, with its port.");
  const forwarded = PROXY_HEADERS.find(([name, form]) => {
    const value = headers[name];
    return (
      value !== undefined && !(typeof value === "string" && value.split(",").every((part) => form.test(part.trim())))
    );
  });
  if (forwarded) return bad(`The header ${forwarded[0]} is not what a proxy sends.`);
  if (!url.startsWith("/")) return bad("The address must be a path that begins with /.");
  let decoded: string;
  try {
    decoded = decodeURIComponent(url);
  } catch {
    return bad("The address has a malformed percent code. Encode it as UTF-8, such as %C3%A9 for é.");
  }
  return decoded.includes("\0") ? bad("The address has a NUL character, which nothing is called.") : null;
}

function refuseApi(method: string, address: string, route: ReturnType<typeof findApiRoute>): Refusal | null {
  if (!route)
    return {
      status: 404,
      code: "not_found",
      detail: address.startsWith("/api/serving/")
        ? "Not Found"
        : `There is no address ${address} in this API. GET /api/openapi.json lists all.`,
    };
  const methods = methodsOf(route);
  if (methods.includes(method)) return null;
  return {
    status: 405,
    code: "method_not_allowed",
    detail: `${route.path} answers ${methods.join(", ")}, not ${method}.`,
    headers: { allow: methods.join(", ") },
  };
}

/** A body that says itself that it is too long. */
export function refuseLength(headers: CheckedRequest["headers"], limit: number): Refusal | null {
  return Number(headers["content-length"] ?? 0) > limit ? tooLarge(limit) : null;
}

export function tooLarge(limit: number): Refusal {
  return {
    status: 413,
    code: "too_large",
    detail: `The body is larger than ${limit / 1024 / 1024} MB, which is the most that this address takes. Send less at once.`,
  };
}

const bad = (detail: string): Refusal => ({ status: 400, code: "bad_request", detail });
