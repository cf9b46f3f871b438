import type { z } from "zod";
import type { Operation } from "@/lib/contracts/operation";
import type { Problem } from "@/lib/contracts/problem";

/** A problem document that the API answered. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

export interface ApiCall<Op extends Operation> {
  params?: z.input<Op["params"]>;
  query?: z.input<Op["query"]>;
  body?: z.input<Op["body"]>;
  signal?: AbortSignal;
}

/** Path and query of an operation, as a link or for an EventSource. */
export function urlOf<Op extends Operation>(operation: Op, call: Pick<ApiCall<Op>, "params" | "query"> = {}): string {
  const params = (call.params ?? {}) as Record<string, unknown>;
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((call.query ?? {}) as Record<string, unknown>))
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined && item !== null && item !== "") search.append(name, String(item));
  const query = search.toString();
  return query ? `${path}?${query}` : path;
}

/** Calls an operation from the browser and answers its parsed response. Throws ApiError with the problem document. */
export async function api<Op extends Operation>(
  operation: Op,
  call: ApiCall<Op> = {},
): Promise<z.output<Op["response"]>> {
  const response = await fetch(urlOf(operation, call), {
    method: operation.method,
    signal: call.signal,
    ...(operation.method !== "GET" && {
      headers: { "content-type": "application/json" },
      body: JSON.stringify(call.body ?? {}),
    }),
  });
  if (!response.ok) throw new ApiError(await problemOf(response));
  return operation.response.parse(await response.json()) as z.output<Op["response"]>;
}

/** A proxy or a dead server answers something else than a problem: make it one. */
async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (typeof body === "object" && body !== null && "detail" in body && "status" in body) return body as Problem;
  return {
    type: "about:blank",
    title: response.statusText,
    status: response.status,
    code: "unexpected",
    detail: `The server answered ${response.status} ${response.statusText}. Try again in a moment.`,
  };
}
