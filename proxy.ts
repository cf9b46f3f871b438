import { type NextRequest, NextResponse } from "next/server";

/** Pages that a stranger may see. */
const OPEN = new Set(["/sign-in", "/setup", "/invitation"]);

/**
 * Tells the pages where they are (path and wanted workspace), sends strangers to sign in, and sets the headers that keep
 * foreign code out. Signing in here is a courtesy only: whether somebody may see something is decided by the registry.
 */
export function proxy(request: NextRequest) {
  const { pathname, search, searchParams } = request.nextUrl;
  const signedIn =
    request.cookies.has("next-auth.session-token") || request.cookies.has("__Secure-next-auth.session-token");
  if (!signedIn && !OPEN.has(pathname)) {
    const target = request.nextUrl.clone();
    target.pathname = "/sign-in";
    target.search = `?from=${encodeURIComponent(pathname + search)}`;
    return NextResponse.redirect(target);
  }
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set("x-path", pathname + search);
  headers.set("x-nonce", nonce);
  // Next reads the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  const workspace = searchParams.get("workspace");
  if (workspace) headers.set("x-workspace", workspace);
  else headers.delete("x-workspace");
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("permissions-policy", "camera=(), geolocation=(), microphone=()");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  if (workspace && /^[a-z][a-z0-9_]*$/.test(workspace))
    response.cookies.set("tributary-workspace", workspace, { sameSite: "lax", path: "/" });
  return response;
}

/**
 * Scripts run only with the nonce of the answer. Styles may be inline: charts and the component library position things with
 * style attributes, which no nonce covers and which run no code.
 */
function contentSecurityPolicy(nonce: string): string {
  // React's development build explains errors with `eval`; the production build does without.
  const development = process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : "";
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

// Names of features have dots: only what is listed here is a file.
export const config = { matcher: ["/((?!api/|_next/|favicon\\.svg$).*)"] };
