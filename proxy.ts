import { type NextRequest, NextResponse } from "next/server";

/**
 * Tells the pages where they are (path and wanted workspace) and sends strangers to sign in. A courtesy only: whether somebody
 * may see something is decided by the registry, never here.
 */
export function proxy(request: NextRequest) {
  const { pathname, search, searchParams } = request.nextUrl;
  const signedIn =
    request.cookies.has("next-auth.session-token") || request.cookies.has("__Secure-next-auth.session-token");
  if (!signedIn && pathname !== "/sign-in")
    return NextResponse.redirect(new URL(`/sign-in?from=${encodeURIComponent(pathname + search)}`, request.url));
  const headers = new Headers(request.headers);
  headers.set("x-path", pathname + search);
  const workspace = searchParams.get("workspace");
  if (workspace) headers.set("x-workspace", workspace);
  else headers.delete("x-workspace");
  const response = NextResponse.next({ request: { headers } });
  if (workspace && /^[a-z][a-z0-9_]*$/.test(workspace))
    response.cookies.set("tributary-workspace", workspace, { sameSite: "lax", path: "/" });
  return response;
}

export const config = { matcher: ["/((?!api/|_next/|favicon|.*\\.[a-z0-9]+$).*)"] };
