import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configurationPage } from "./configuration-page";
import { EnvironmentSchema } from "./environment";

it("docs/configuration.md is what the schema says (npm run docs)", () => {
  const squeeze = (text: string) => text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
  expect(squeeze(readFileSync("docs/configuration.md", "utf8"))).toBe(squeeze(configurationPage()));
});

it("every variable is described", () => {
  const silent = Object.entries(EnvironmentSchema.shape).filter(([, schema]) => !schema.description);
  expect(silent.map(([name]) => name)).toEqual([]);
});
