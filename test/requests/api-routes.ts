import { readdirSync } from "node:fs";
import path from "node:path";
import { operations } from "@/lib/contracts/operations";
import type { Operation } from "@/lib/contracts/operation";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

export interface ServedOperation {
  operation: Operation;
  handle: Handler;
}

/** Addresses below /api with handlers of their own, which no contract declares. */
export const UNDECLARED = ["/api/auth/{...nextauth}", "/api/document-schema.json", "/api/openapi.json"];

/** Address, as operations write it → module of its route. */
export function routeFiles(): Map<string, string> {
  const files = readdirSync("app/api", { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "route.ts")
    .map((file) => path.posix.join("app/api", file.split(path.sep).join("/")));
  return new Map(files.map((file) => [addressOf(file), file]));
}

const addressOf = (file: string) =>
  `/${file.replace(/^app\//, "").replace(/\/route\.ts$/, "")}`.replace(/\[([^\]]+)\]/g, "{$1}");

/** Every operation with the handler that serves it. */
export async function servedOperations(): Promise<ServedOperation[]> {
  const files = routeFiles();
  return Promise.all(
    operations.map(async (operation) => {
      const file = files.get(operation.path);
      if (!file) throw new Error(`No route serves ${operation.path}.`);
      const module = (await import(path.resolve(file))) as Record<string, Handler | undefined>;
      const handle = module[operation.method];
      if (!handle) throw new Error(`${file} has no ${operation.method}.`);
      return { operation, handle };
    }),
  );
}
