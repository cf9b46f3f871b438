import { authenticate } from "@/lib/auth/authenticate";
import { answerOnlineRequest } from "@/lib/serving/answer-request";

/** Feast's wire protocol has its own error forms, so that this route does not go through `route()`. */
export async function POST(request: Request) {
  const principal = await authenticate(request, request.headers.get("x-request-id") ?? "").catch(() => null);
  const { status, body } = await answerOnlineRequest({
    principal,
    query: new URL(request.url).searchParams,
    text: await request.text(),
  });
  return new Response(body, {
    status,
    headers: { "content-type": "application/json", ...(status === 401 && { "www-authenticate": "Bearer" }) },
  });
}
