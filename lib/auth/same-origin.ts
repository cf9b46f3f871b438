import { DomainError } from "@/lib/domain/errors";

/**
 * Throws `forbidden` when a request that changes something came from a page of another site: a browser sends its cookies
 * wherever any page tells it to.
 */
export function assertSameOrigin(request: Request): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const origin = request.headers.get("origin");
  if (origin === null) return;
  const host = request.headers.get("x-forwarded-host") ?? request.headers.get("host");
  const from = URL.canParse(origin) ? new URL(origin).host : origin;
  if (from !== host)
    throw new DomainError(
      "forbidden",
      `This request came from a page of ${from === "null" ? "an unknown site" : from}. Use the portal's own pages or a token.`,
    );
}
