import type { z } from "zod";
import { EnvironmentSchema } from "./environment";

const INTRODUCTION = `# Configuration

Everything is set by environment variables. They are parsed once, at the start; a wrong one stops the start with a sentence that says
which and why. Nothing has to be set for a first start.

This page is written from the schema by \`npm run docs\`.

| variable | default | what it is |
| --- | --- | --- |
`;

/** docs/configuration.md, from the schema that the start uses. */
export function configurationPage(): string {
  const rows = Object.entries(EnvironmentSchema.shape).map(([name, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(undefined);
    return `| \`${name}\` | ${defaultOf(name, parsed)} | ${(schema as z.ZodType).description ?? ""} |`;
  });
  return `${INTRODUCTION}${rows.join("\n")}\n`;
}

function defaultOf(name: string, parsed: z.ZodSafeParseResult<unknown>): string {
  if (!parsed.success || parsed.data === undefined) return "–";
  // Resolved against the folder of the start; the page shows what is written there.
  if (name === "TRIBUTARY_DATA") return "`.tributary`";
  return `\`${typeof parsed.data === "boolean" ? Number(parsed.data) : String(parsed.data)}\``;
}
