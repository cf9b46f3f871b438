import { describe, expect, it } from "vitest";
import { openApiDocument } from "./openapi";
import { operations } from "./operations";

type Json = Record<string, unknown>;
const document = openApiDocument("0.0.0") as {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json> };
};

/** Every property of every object schema below `schema` that says nothing about itself. */
function undescribed(schema: unknown, at: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((item, index) => undescribed(item, `${at}[${index}]`));
  if (typeof schema !== "object" || schema === null) return [];
  const here: string[] = [];
  for (const [key, value] of Object.entries(schema as Json)) {
    if (key === "properties")
      for (const [name, property] of Object.entries(value as Record<string, Json>)) {
        if (
          !property.description &&
          !property.$ref &&
          !(property.allOf as Json[])?.some((part) => part.$ref || part.description)
        )
          here.push(`${at}.${name}`);
        here.push(...undescribed(property, `${at}.${name}`));
      }
    else here.push(...undescribed(value, `${at}.${key}`));
  }
  return here;
}

describe("the OpenAPI document", () => {
  it("has every operation once, with an id of its own", () => {
    expect(new Set(operations.map((operation) => operation.id)).size).toBe(operations.length);
    const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(paths.sort()).toEqual(
      operations.map((operation) => `${operation.method.toLowerCase()} ${operation.path}`).sort(),
    );
  });

  it("describes every field of every body and response", () => {
    expect(undescribed(document.paths, "paths")).toEqual([]);
    expect(undescribed(document.components.schemas, "schemas")).toEqual([]);
  });

  it("describes every named schema and every parameter", () => {
    const nameless = Object.entries(document.components.schemas).filter(([, schema]) => !schema.description);
    expect(nameless.map(([name]) => name)).toEqual([]);
    const parameters = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).flatMap((method) =>
        ((method.parameters ?? []) as Json[]).map((parameter) => ({ path, ...parameter }) as Json),
      ),
    );
    const silent = parameters.filter((parameter) => !parameter.description && !(parameter.schema as Json)?.description);
    expect(silent.map((parameter) => `${parameter.path} ${parameter.name}`)).toEqual([]);
  });
});
