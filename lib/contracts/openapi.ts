import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from "@asteasolutions/zod-to-openapi";
import type { z } from "zod";
import { operations } from "./operations";
import { Problem } from "./problem";

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

/** The OpenAPI 3.1 document of the API, from the same operations that serve it. */
export function openApiDocument(version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "An API token.",
  });
  for (const operation of operations) {
    registry.registerPath({
      operationId: operation.id,
      method: operation.method.toLowerCase() as RouteConfig["method"],
      path: operation.path,
      summary: operation.summary,
      tags: [operation.tag],
      ...(operation.deprecated && { deprecated: true }),
      ...(operation.anonymous ? { security: [] } : { security: [{ bearer: [] }] }),
      request: {
        params: operation.params as z.ZodObject,
        query: operation.query as z.ZodObject,
        ...(operation.method !== "GET" && {
          body: { required: true, content: { "application/json": { schema: operation.body } } },
        }),
      },
      responses: {
        [operation.status]: {
          description: operation.summary,
          content: { "application/json": { schema: operation.response } },
        },
        ...(!operation.anonymous && {
          401: problem("Nobody is signed in."),
          403: problem("The caller's roles do not allow it."),
        }),
        422: problem("The input is not as expected; `issues` says where."),
      },
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: { title: "Tributary", version, description: "Catalog, planner and governance of ML features." },
  });
}
