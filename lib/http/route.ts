import type { z } from "zod";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { unstorableText } from "@/lib/contracts/json-text";
import type { Operation } from "@/lib/contracts/operation";
import { authenticate } from "@/lib/auth/authenticate";
import { issuesOf, problemResponse } from "./problem";
import { readJson } from "./read-body";
import { requestIdOf } from "./request-id";

export interface Call<Params, Query, Body> {
  principal: Principal;
  params: Params;
  query: Query;
  body: Body;
  request: Request;
}

/** Who calls the few operations that need nobody. */
const STRANGER: Principal = { id: "anonymous", name: "anonymous", kind: "user", bindings: [], requestId: null };

/**
 * A route of the API: authenticate, parse, handle, answer. The handler returns the response's data, or a `Response` of
 * its own for streams and files. Anything thrown becomes a problem document.
 */
export function route<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  operation: Operation<Params, Query, Body, Answer>,
  handle: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<z.input<Answer> | Response>,
  readBody: (request: Request) => Promise<unknown> = readJson,
) {
  return async (request: Request, context: { params: Promise<Record<string, string | string[] | undefined>> }) => {
    const requestId = requestIdOf(request.headers.get("x-request-id"));
    try {
      const principal = operation.anonymous ? { ...STRANGER, requestId } : await authenticate(request, requestId);
      const url = new URL(request.url);
      const params = parseInput(operation.params, await decoded(context.params), "path");
      const query = parseInput(operation.query, queryOf(url), "query");
      const body =
        operation.method === "GET"
          ? ({} as z.output<Body>)
          : parseInput(operation.body, await readBody(request), "body");
      const result = await handle({ principal, params, query, body, request });
      if (result instanceof Response) {
        result.headers.set("x-request-id", requestId);
        // Answers are about people and rows: no cache between here and the reader keeps them.
        if (!result.headers.has("cache-control")) result.headers.set("cache-control", "no-store");
        return result;
      }
      return Response.json(operation.response.parse(result), {
        status: operation.status,
        headers: { "x-request-id": requestId, "cache-control": "no-store" },
      });
    } catch (error) {
      return problemResponse(error, requestId);
    }
  };
}

/** Input by its schema. Throws `invalid` with an issue for each thing that is wrong. */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: "path" | "query" | "body",
): z.output<Schema> {
  // Of the body, its reader has seen to that.
  const unstorable = where === "body" ? null : unstorableText(input);
  if (unstorable)
    throw new DomainError("invalid", `The ${where} of the request has a text that cannot be kept.`, {
      issues: [{ path: [where, ...unstorable], message: "expected Unicode text without NUL" }],
    });
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = issuesOf(parsed.error, where === "body" ? [] : [where]);
  const first = issues[0];
  throw new DomainError(
    "invalid",
    `The ${where} of the request is not as expected: ${first?.path.join(".")} ${first?.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ""}.`,
    { issues },
  );
}

async function decoded(params: Promise<Record<string, string | string[] | undefined>>) {
  const entries = Object.entries((await params) ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? decode(value) : value]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DomainError("bad_request", `The address has a malformed percent code in ${JSON.stringify(text)}.`);
  }
}

/** An offset's plus sign that was not encoded arrives as a space. */
const UNENCODED_OFFSET = /^(\d{4}-\d{2}-\d{2}T[\d:.]+) (\d{2}:\d{2})$/;

/** A parameter given more than once is a list. */
function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).map((value) => value.replace(UNENCODED_OFFSET, "$1+$2"));
    query[name] = values.length === 1 ? (values[0] as string) : values;
  }
  return query;
}
