import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { getSource } from "@/lib/registry/datasets/sources";
import { getFeatureRules, proposeFeatureRules } from "@/lib/registry/rules/feature-rules";
import { getDatasetRules, proposeSourceRules } from "@/lib/registry/rules/rules";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";

const WORKSPACE = "withheld";
const SECRET = /secret-\d@private/;
let world: OnlineWorkspace;

const having = (role: Role): Principal => ({
  id: role,
  name: role,
  kind: "user",
  bindings: [{ workspaceId: null, role }],
  requestId: "test",
});

beforeAll(async () => {
  world = await openOnlineWorkspace(WORKSPACE);
  await world.apply(`kind: Workspace\nname: ${WORKSPACE}\ntitle: Withheld`);
  const rows = Array.from({ length: 100 }, (_, id) => `${id},secret-${id % 3}@private.example,${id % 2 ? "a" : "b"}`);
  writeFileSync(path.join(world.folder, "people.csv"), `id,email,kind\n${rows.join("\n")}\n`);
  await world.apply(`
{ kind: Entity, name: person, joinKeys: [{ name: id, type: bigint }] }
---
kind: Source
name: people
entity: person
format: csv
location: "{folder}/people.csv"
columns: [{ name: id, type: bigint }, { name: email, type: string }, { name: kind, type: string }]
rowKey: [id]
rules:
  - { type: expect_column_values_to_be_in_set, kwargs: { column: email, value_set: ["nobody@private.example"] }, severity: warning }
  - { type: expect_column_max_to_be_between, kwargs: { column: email, max_value: "a" }, severity: warning }
  - { type: expect_column_values_to_be_in_set, kwargs: { column: kind, value_set: ["c"] }, severity: warning }
---
{ kind: Feature, name: person.email, type: string, sensitivity: personal, rules: [{ type: expect_column_values_to_match_regex, kwargs: { regex: "^none$" }, severity: warning }] }
---
{ kind: Feature, name: person.kind, type: string }
`);
  await world.idle();
});
afterAll(() => world.close());

describe("values about persons", () => {
  const questions: [what: string, ask: (by: Principal) => Promise<unknown>, isShown: boolean][] = [
    ["a source", (by) => getSource(by, WORKSPACE, "people"), true],
    ["rules that a source keeps", (by) => proposeSourceRules(by, WORKSPACE, "people"), true],
    ["rules that a feature keeps", (by) => proposeFeatureRules(by, WORKSPACE, "person.email"), true],
    // What was found is kept without them: for nobody is it more than a figure.
    ["what rules of a source found", (by) => getDatasetRules(by, WORKSPACE, "people"), false],
    ["what rules of a feature found", (by) => getFeatureRules(by, WORKSPACE, "person.email"), false],
  ];

  it.each(questions)("are in no answer for who may not see them: %s", async (_, ask, isShown) => {
    expect(JSON.stringify(await ask(having("viewer")))).not.toMatch(SECRET);
    const shown = SECRET.test(JSON.stringify(await ask(SYSTEM)));
    expect(shown).toBe(isShown);
  });

  it("that were not as expected are counted all the same, and those of others named", async () => {
    const { checks } = await getDatasetRules(having("viewer"), WORKSPACE, "people");
    const results = checks[0]?.results ?? [];
    const of = (column: string, type: string) => results.find(({ expectation_config: { kwargs, type: own } }) => kwargs.column === column && own === type)?.result; // prettier-ignore
    expect(of("email", "expect_column_values_to_be_in_set")).toMatchObject({ unexpected_count: 100 });
    expect(of("email", "expect_column_max_to_be_between")).toMatchObject({ observed_value: "hidden" });
    expect(of("kind", "expect_column_values_to_be_in_set")).toMatchObject({
      unexpected_count: 100,
      partial_unexpected_list: expect.arrayContaining(["a", "b"]) as unknown,
    });
  });
});
