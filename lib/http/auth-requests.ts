import type { Refusal } from "./refusal";

const BASE = "/api/auth/";
/** Method → what next-auth answers below its address, with one way to sign in: e-mail and password. */
const ANSWERED: Record<string, readonly string[]> = {
  GET: ["csrf", "error", "providers", "session", "signin", "signin/credentials", "signout", "verify-request"],
  POST: ["_log", "callback/credentials", "session", "signin", "signin/credentials", "signout"],
};
const CALLBACK_COOKIE = /^(?:__Secure-)?next-auth\.callback-url=/;

/** What next-auth would answer with a page, a text or a 5xx: an address that it has not, another method, a place to go to that is none. */
export function refuseAuthRequest(method: string, url: string): Refusal | null {
  const { pathname, searchParams } = new URL(url, "http://portal.invalid");
  if (!pathname.startsWith(BASE)) return null;
  const action = pathname.slice(BASE.length).replace(/\/$/, "");
  const methods = ["GET", "POST"].filter((one) => ANSWERED[one]?.includes(action));
  if (methods.length === 0)
    return { status: 404, code: "not_found", detail: `There is no address ${pathname} to sign in or out by.` };
  const asked = method === "HEAD" ? "GET" : method;
  if (asked !== "OPTIONS" && !methods.includes(asked))
    return {
      status: 405,
      code: "method_not_allowed",
      detail: `${pathname} answers ${methods.join(" and ")}, not ${method}.`,
      headers: { allow: methods.join(", ") },
    };
  return searchParams.getAll("callbackUrl").every((one) => one === "" || isPlace(one))
    ? null
    : {
        status: 400,
        code: "bad_request",
        detail: "callbackUrl is no place to go to. Send a path of this portal, such as /features.",
      };
}

/** A cookie header without places to go to that are none: next-auth refuses whatever comes with one, the session included. */
export function withoutBadCallback(cookie: string): string {
  return cookie
    .split(";")
    .filter((part) => {
      const [name] = CALLBACK_COOKIE.exec(part.trim()) ?? [];
      return name === undefined || isPlace(decoded(part.trim().slice(name.length)));
    })
    .join(";");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

function isPlace(text: string): boolean {
  const base = text.startsWith("/") ? "http://portal.invalid" : undefined;
  return URL.canParse(text, base) && /^https?:$/.test(new URL(text, base).protocol);
}
