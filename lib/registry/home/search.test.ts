import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { searchEverything } from "./search";

let fixture: Fixture;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

const find = (q: string, limit = 5) => searchEverything(fixture.people.ada, { workspace: "flights", q, limit });

describe("searchEverything", () => {
  it.each([
    ["airport.segment", "feature", "airport.segment", "/features/airport.segment"],
    ["segmnet", "feature", "airport.segment", "/features/airport.segment"],
    ["chiara", "person", "Chiara Rossi", "/settings?tab=people"],
    ["late_model", "model", "late_model", "/models/late_model"],
    ["flights", "source", "flights", "/datasets/flights"],
    ["airport_stats", "view", "airport_stats", "/views/airport_stats"],
    ["flight@late_departures", "dataset", "flight@late_departures", "/datasets/flight%40late_departures"],
  ])("%s finds the %s %s", async (q, kind, name, href) => {
    expect((await find(q)).items).toContainEqual(expect.objectContaining({ kind, name, href }));
  });

  it.each(["2", "#2", "run 2"])("%j finds the run with that number first among runs", async (q) => {
    const runs = (await find(q)).items.filter(({ kind }) => kind === "run");
    expect(runs[0]).toMatchObject({ name: "Run 2", href: `/runs/${fixture.runs[2]}` });
  });

  it("gives at most `limit` of each kind and counts them all", async () => {
    const { items, total } = await find("a", 1);
    const kinds = items.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(total).toBeGreaterThan(items.length);
  });

  it("finds nothing for nothing, for no words, and for what does not exist", async () => {
    for (const q of ["", " . ", "zzzzqqqq"]) expect(await find(q)).toEqual({ items: [], total: 0 });
  });

  it("treats wildcards of the database as the characters they are", async () => {
    expect((await find("%")).items).toEqual([]);
  });

  it("shows a stranger nothing", async () => {
    const search = searchEverything(fixture.stranger, { workspace: "flights", q: "airport", limit: 5 });
    await expect(search).rejects.toMatchObject({ code: "not_found" });
  });
});
