import NextAuth from "next-auth";
import { NextRequest } from "next/server";
import { authRouteOptions } from "@/lib/auth/session";
import { problemResponse } from "@/lib/http/problem";
import { readJson, readText } from "@/lib/http/read-body";
import { requestIdOf } from "@/lib/http/request-id";

type Context = { params: Promise<{ nextauth: string[] }> };

// Options are made per request: at build time there is no data folder and no secret.
const answer = (request: NextRequest, context: Context) =>
  NextAuth(request as never, context as never, authRouteOptions()) as Promise<Response>;

/** The library takes any body for what it expects: one that is none is refused before. */
async function post(request: NextRequest, context: Context): Promise<Response> {
  try {
    const isJson = request.headers.get("content-type")?.includes("application/json") ?? false;
    const text = isJson ? JSON.stringify(await readJson(request)) : await readText(request);
    const { url, headers, method } = request;
    return await answer(new NextRequest(url, { method, headers, ...(text !== "" && { body: text }) }), context);
  } catch (error) {
    return problemResponse(error, requestIdOf(request.headers.get("x-request-id")));
  }
}

export { answer as GET, post as POST };
