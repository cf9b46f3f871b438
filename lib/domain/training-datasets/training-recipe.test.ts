import { describe, expect, it } from "vitest";
import { previewWarnings } from "./preview-warnings";
import { recipeDifferences } from "./recipe-differences";
import { rowsByRole, rowsOfRole } from "./rows-of-role";
import { datasetsRead, recipeText, trainingColumns, type TrainingRecipe } from "./training-recipe";

const RECIPE: TrainingRecipe = {
  spine: {
    source: "rides",
    version: 3,
    digest: "aaaaaaaaaaaaaaaa",
    definition: 1,
    columns: [{ name: "driver", type: "bigint" }, { name: "at", type: "timestamp" }, { name: "late", type: "bigint" }], // prettier-ignore
    time: "at",
  },
  keys: [
    { entity: "driver", key: "driver_id", type: "bigint", column: "driver" },
    { entity: "city", key: "code", type: "string", column: "town" },
  ],
  entities: [
    { name: "driver", keys: [{ name: "driver_id", type: "bigint" }], eventTime: "at" },
    { name: "city", keys: [{ name: "code", type: "string" }], eventTime: null },
  ],
  features: [
    { name: "rate", feature: "driver.rate", version: 2, type: "double", view: "hourly", ttlSeconds: 3600, values: [{ dataset: "driver@p", version: 4, digest: "bbbbbbbbbbbbbbbb", column: "rate" }] }, // prettier-ignore
    { name: "people", feature: "city.people", version: 1, type: "bigint", view: "facts", ttlSeconds: 0, values: [{ dataset: "driver@p", version: 4, digest: "bbbbbbbbbbbbbbbb", column: "people" }] }, // prettier-ignore
  ],
  service: null,
  label: "late",
  split: { policy: "by_day", version: 2, parts: { train: ["a", "b"], validation: [], test: ["c"] } },
  unit: ["driver", "at"],
  asOf: "2024-05-01T00:00:00.000Z",
  knowledge: "event",
  boundary: "inclusive",
};
const but = (more: Partial<TrainingRecipe>): TrainingRecipe => ({ ...structuredClone(RECIPE), ...more });
const split = RECIPE.split as NonNullable<TrainingRecipe["split"]>;

describe("the recipe's text", () => {
  it.each([
    ["the order of join keys", but({ keys: RECIPE.keys.toReversed() })],
    ["the order of entities", but({ entities: RECIPE.entities.toReversed() })],
    ["the order of the unit", but({ unit: ["at", "driver"] })],
    ["the order of a role's parts", but({ split: { ...split, parts: { ...split.parts, train: ["b", "a"] } } })],
    ["the order of members", Object.fromEntries(Object.entries(RECIPE).toReversed()) as unknown as TrainingRecipe],
  ])("does not depend on %s", (_, other) => {
    expect(recipeText(other)).toBe(recipeText(RECIPE));
    expect(recipeDifferences(RECIPE, other)).toEqual([]);
  });

  it.each<[string, Partial<TrainingRecipe>, string]>([
    ["the spine's version", { spine: { ...RECIPE.spine, version: 4 } }, "Spine changed from rides@3 (aaaaaaaaaaaa) to rides@4 (aaaaaaaaaaaa)."],
    ["the spine's files", { spine: { ...RECIPE.spine, digest: "cccccccccccccccc" } }, "Spine changed from rides@3 (aaaaaaaaaaaa) to rides@3 (cccccccccccc)."],
    ["how the source is read", { spine: { ...RECIPE.spine, definition: 2 } }, "Definition of the spine's source changed from version 1 to version 2."],
    ["the order of the spine's columns", { spine: { ...RECIPE.spine, columns: RECIPE.spine.columns.toReversed() } }, "Spine columns changed from driver, at, late to late, at, driver."],
    ["the moment", { spine: { ...RECIPE.spine, time: "until" } }, "Time column changed from at to until."],
    ["the order of features", { features: RECIPE.features.toReversed() }, "Order of features changed from rate, people to people, rate."],
    ["a feature's absence", { features: RECIPE.features.slice(0, 1) }, "Feature people was removed; it was city.people v1 (bigint) of view facts, of any age."],
    ["a feature's version", { features: RECIPE.features.map((one) => (one.name === "rate" ? { ...one, version: 3 } : one)) }, "Feature rate changed from driver.rate v2 (double) of view hourly, at most 3600 seconds old to driver.rate v3 (double) of view hourly, at most 3600 seconds old."],
    ["a feature's files", { features: RECIPE.features.map((one) => (one.name === "rate" ? { ...one, values: [] } : one)) }, "Values of rate changed from driver@p@4.rate (bbbbbbbbbbbb) to ."],
    ["a key's column", { keys: RECIPE.keys.map((one) => ({ ...one, column: "x" })).slice(0, 1).concat(RECIPE.keys.slice(1)) }, "Key driver.driver_id changed from column driver to column x."],
    ["an entity's event time", { entities: RECIPE.entities.map((one) => ({ ...one, eventTime: null })) }, "Entity driver changed from keys driver_id (bigint), event time at to keys driver_id (bigint), no event time."],
    ["the label", { label: null }, "Label was removed; it was late."],
    ["the policy's version", { split: { ...split, version: 3 } }, "Split changed from by_day, version 2 (train: a, b; test: c) to by_day, version 3 (train: a, b; test: c)."],
    ["the unit", { unit: ["driver"] }, "Unit changed from at, driver to driver."],
    ["the as-of time", { asOf: "2025-01-01T00:00:00.000Z" }, "As-of time changed from 2024-05-01T00:00:00.000Z to 2025-01-01T00:00:00.000Z."],
    ["knowledge", { knowledge: "created" }, "Knowledge changed from event to created."],
    ["the boundary", { boundary: "exclusive" }, "Boundary changed from inclusive to exclusive."],
    ["the service", { service: { name: "late_v1", version: 2 } }, "Feature service was added: late_v1, version 2."],
  ])("depends on %s, and the difference is said in one sentence", (_, more, text) => {
    const other = but(more);
    expect(recipeText(other)).not.toBe(recipeText(RECIPE));
    expect(recipeDifferences(RECIPE, other).map((one) => one.text)).toEqual([text]);
  }); // prettier-ignore
});

describe("a recipe", () => {
  it("gives the columns in order with what they are for", () => {
    expect(trainingColumns(RECIPE).map(({ name, role }) => `${name} ${role}`)).toEqual(["driver key", "at time", "late label", "split_part split", "rate feature", "people feature"]); // prettier-ignore
    expect(trainingColumns(but({ split: null })).map(({ name }) => name)).not.toContain("split_part");
  });

  it("names every dataset version once", () => {
    expect(datasetsRead(RECIPE).map(({ dataset, version }) => `${dataset}@${version}`)).toEqual(["rides@3", "driver@p@4"]); // prettier-ignore
  });

  it("has rows by role: all for training without a split, none for a role without parts", () => {
    const rows = { rows: 10, parts: { a: 3, b: 1, c: 2, "": 4 } };
    expect(rowsByRole(RECIPE, rows)).toEqual([{ role: "train", rows: 4 }, { role: "test", rows: 2 }]); // prettier-ignore
    expect(rowsByRole(but({ split: null }), rows)).toEqual([{ role: "train", rows: 10 }]);
    expect(rowsOfRole(RECIPE, "test")).toEqual([{ dataset: "rides", version: "3", split: { policy: "by_day", version: 2, parts: ["c"] } }]); // prettier-ignore
    expect(rowsOfRole(RECIPE, "validation")).toEqual([]);
    expect(rowsOfRole(but({ split: null }), "train")).toEqual([{ dataset: "rides", version: "3" }]);
  });
});

describe("warnings", () => {
  const spine = { rows: 10, duplicates: 0, future: 0, nullKeys: { driver: 0 } };
  const parts = { a: 3, b: 1, c: 6 };
  it.each<[string, Parameters<typeof previewWarnings>[1], RegExp[]]>([
    ["nothing", { spine, parts, statuses: [["PRESENT", "NULL"], ["EXPIRED", "PRESENT"]] }, []],
    ["rows that are not as usual", { spine: { rows: 10, duplicates: 2, future: 1, nullKeys: { driver: 3, town: 0 } }, parts, statuses: [] }, [/^2 rows .*moment of an earlier/, /^1 row .*later than the as-of/, /^3 rows .*no driver/]],
    ["rows in no part and roles without rows", { spine, parts: { a: 6, "": 4 }, statuses: [] }, [/^In no part of by_day: 4 of 10 rows/, /^No row is for test: c of by_day is empty/]],
    ["a feature without a value", { spine, parts, statuses: [["NO_ROW", "PRESENT"], ["EXPIRED", "PRESENT"]] }, [/^None of the first 2 rows has a value of rate: no value was there .*; the newest value was older/]],
    ["no rows", { spine: { ...spine, rows: 0 }, parts: {}, statuses: [] }, [/no rows/, /No row is for train/, /No row is for test/]],
  ])("are about %s", (_, facts, expected) => {
    const found = previewWarnings(RECIPE, facts);
    expect(found).toEqual(expected.map((text) => expect.stringMatching(text) as string));
  }); // prettier-ignore
});
