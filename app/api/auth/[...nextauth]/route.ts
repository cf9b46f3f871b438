import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { authRouteOptions } from "@/lib/auth/session";

// Options are made per request: at build time there is no data folder and no secret.
const handler = (request: NextRequest, context: { params: Promise<{ nextauth: string[] }> }) =>
  NextAuth(request as never, context as never, authRouteOptions());

export { handler as GET, handler as POST };
