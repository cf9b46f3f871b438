import { readFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import { parseSpecs } from "./spec-documents";
import { documentShapes, members } from "./spec-reference";
import { EXAMPLES } from "./spec-reference-examples";
import { referenceFiles } from "./spec-reference-pages";

describe("pages made from the code", () => {
  it.each(Object.entries(referenceFiles()))("%s is what the code says (npm run docs)", async (file, text) => {
    const written = await format(text, { ...(await resolveConfig(file)), filepath: file });
    // Without a difference of thousands of lines where a page was not written again.
    expect(readFileSync(file, "utf8") === written).toBe(true);
  });
});

describe.each(documentShapes().map((shape) => [shape.title, shape] as const))("%s", (title, { schema }) => {
  const example = parseYaml(EXAMPLES[title]?.yaml ?? "") as Record<string, unknown>;
  const all = members(schema, "");
  const definitionOf = (document: Record<string, unknown>) => {
    const { definitions, issues } = parseSpecs([document]);
    expect(issues).toEqual([]);
    return definitions[0]?.definition;
  };

  it("says of every member what it is", () => {
    expect(all.filter(({ schema: { description } }) => !description).map(({ path }) => path)).toEqual([]);
  });

  it("has an example that is read as it stands", () => {
    expect(definitionOf(example)).toMatchObject({ kind: example.kind, name: example.name });
  });

  it("reads what is said to stand where a member is left out, as if it were", () => {
    for (const { path, schema: member } of all) {
      if (member.default === undefined || /[.[]/.test(path)) continue;
      // Thresholds are of a metric by name.
      const { [path]: _, warn, critical, ...rest } = example;
      const without = path === "metric" ? rest : { ...rest, ...(warn !== undefined && { warn, critical }) };
      const said = definitionOf({ ...without, [path]: member.default });
      const left = definitionOf(without);
      // What decides later, where it is left out, is kept as it is said.
      expect([left, { ...left, [path]: member.default }], path).toContainEqual(said);
    }
  });
});
