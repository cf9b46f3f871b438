import { textOfJson } from "@/lib/domain/exact-integers";
import { problem } from "./problem";
import { requestIdOf } from "./request-id";

/** An answer that the server gives itself, before a request reaches any route. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  headers?: Record<string, string>;
}

export interface WrittenRefusal {
  headers: Record<string, string>;
  body: string;
}

/** As problem+json; Feast's clients (`feast`) expect `{"detail"}`. */
export function writeRefusal(
  { status, code, detail, headers }: Refusal,
  { requestId, feast }: { requestId?: string | string[] | undefined; feast: boolean },
): WrittenRefusal {
  const id = requestIdOf(Array.isArray(requestId) ? requestId[0] : requestId);
  const body = feast ? JSON.stringify({ detail }) : textOfJson(problem(status, code, detail, id));
  return {
    headers: {
      "content-type": feast ? "application/json" : "application/problem+json",
      "content-length": String(Buffer.byteLength(body)),
      "cache-control": "no-store",
      "x-request-id": id,
      "x-content-type-options": "nosniff",
      ...headers,
    },
    body,
  };
}
