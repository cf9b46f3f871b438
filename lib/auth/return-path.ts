/** Where to go after signing in: a path of this site, or the home page. Anything that could lead elsewhere is home. */
export function returnPath(from: string | undefined): string {
  if (!from?.startsWith("/") || from.startsWith("//")) return "/";
  const base = "http://portal.invalid";
  if (!URL.canParse(from, base)) return "/";
  const url = new URL(from, base);
  // A backslash or a control character may turn a path into another host; the parser has resolved them by now.
  if (url.origin !== base || url.pathname.startsWith("//")) return "/";
  if (/^\/(sign-in|setup|api)(\/|$)/.test(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}
