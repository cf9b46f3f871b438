import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as contracts from "@/lib/contracts/lineage";
import * as columnContracts from "@/lib/contracts/lineage-columns";
import * as overviewContracts from "@/lib/contracts/lineage-overview";
import * as pathContracts from "@/lib/contracts/lineage-paths";
import type { Operation } from "@/lib/contracts/operation";
import { closeDatabase } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getLineage } from "./lineage";
import { getColumnLineage } from "./columns";
import { exportImpact, listImpact } from "./impact";
import { listLeaks } from "./leaks";
import { listNeighbours } from "./neighbours";
import { getOverview } from "./overview";
import { findPath } from "./paths";
import { searchNodes } from "./search";
import { listVariants } from "./variants";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

/** Asks as the API does: the query parsed, the answer checked against the contract. */
function asking<Query, Answer>(
  contract: Operation,
  handle: (principal: Principal, query: Query) => Promise<Answer>,
): (query: Record<string, unknown>, principal?: Principal) => Promise<Answer> {
  return async (query, principal = fixture.people.ada) => {
    const answer = await handle(principal, contract.query.parse({ workspace: "flights", ...query }) as Query);
    contract.response.parse(answer);
    return answer;
  };
}
const around = asking(contracts.getLineage, getLineage);
const neighbours = asking(contracts.listLineageNeighbours, listNeighbours);
const search = asking(contracts.searchLineage, searchNodes);
const path = asking(pathContracts.findLineagePath, findPath);
const impact = asking(pathContracts.listLineageImpact, listImpact);
const leaks = asking(pathContracts.listLineageLeaks, listLeaks);
const columns = asking(columnContracts.getColumnLineage, getColumnLineage);
const overview = asking(overviewContracts.getLineageOverview, getOverview);
const variants = asking(overviewContracts.listLineageVariants, listVariants);
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

describe("the neighbourhood", () => {
  it("links a service to exactly the features that it takes, and to its view", async () => {
    const service = await around({ focus: "service:late_model_v1" });
    const taken = service.edges.filter((edge) => edge.role === "serves").map((edge) => edge.from);
    expect(taken.length).toBeGreaterThan(0);
    expect(service.edges.filter((edge) => edge.role === "through").map((edge) => edge.from)).toEqual([
      ...new Set(service.nodes.filter((node) => node.kind === "view").map((node) => node.id)),
    ]);
    // From the service through its view, one does not come to the view's other features.
    const further = await around({ focus: "service:late_model_v1", up: 2, down: 0 });
    const viewed = (await neighbours({ node: "view:airport_stats", side: "up" })).items;
    for (const { id } of viewed)
      if (!taken.includes(id))
        expect(further.nodes.find((node) => node.id === id && node.distance === -2)).toBeUndefined();
  });
  it("keeps back what the filters do not let through, counts it, and finds what lies behind", async () => {
    const all = await around({ focus: "airport.segment", up: 6, down: 6 });
    const features = await around({ focus: "airport.segment", up: 6, down: 6, kind: "feature" });
    expect(new Set(features.nodes.map((node) => node.kind))).toEqual(new Set(["feature"]));
    expect(ids(features.nodes)).toContain("feature:flight.late_probability");
    expect(features.hidden.nodes).toBe(all.nodes.length - features.nodes.length);
    expect(features.hidden.edges).toBeGreaterThan(0);
    expect(all.hidden).toMatchObject({ nodes: 0, atLeast: false });
    const kinds = await around({ focus: "airport.segment", up: 6, down: 6, kind: ["model", "source"] });
    expect(ids(kinds.nodes).sort()).toEqual([
      "feature:airport.segment",
      "model:late_model",
      "model:late_model_banded",
      "source:flights",
    ]);
    const owned = await around({ focus: "airport.segment", owner: "network-planning", environment: "production" });
    expect(owned.nodes.slice(1).every((node) => node.environments.includes("production"))).toBe(true);
    expect(ids((await around({ focus: "airport.segment", down: 6, leak: "leak" })).nodes)).toContain(
      "model:late_model",
    );
  });
  it("pages and searches the neighbours of one node", async () => {
    const first = await neighbours({ node: "source:flights", side: "down", limit: 2 });
    expect(first).toMatchObject({ total: 6 - 1, nextCursor: first.items[1]?.id });
    const second = await neighbours({ node: "source:flights", side: "down", limit: 2, cursor: first.nextCursor ?? "" });
    const third = await neighbours({ node: "source:flights", side: "down", limit: 2, cursor: second.nextCursor ?? "" });
    expect(third.nextCursor).toBeNull();
    expect(new Set(ids([...first.items, ...second.items, ...third.items])).size).toBe(5);
    expect(ids((await neighbours({ node: "source:flights", side: "down", q: "DELAY" })).items)).toEqual([
      "feature:flight.delay",
    ]);
    expect((await neighbours({ node: "airport.segment", side: "down", kind: "model" })).items[0]?.roles).toEqual([
      "reads",
    ]);
    expect((await neighbours({ node: "airport.segment", side: "up", q: "100%_" })).total).toBe(0);
  });
});

describe("search", () => {
  it("finds nodes of every kind, names that begin with the word first", async () => {
    expect((await search({ q: "late" })).items[0]?.name).toMatch(/^late/);
    expect(ids((await search({ q: "model late", kind: "model" })).items)).toEqual([
      "model:late_model",
      "model:late_model_banded",
    ]);
    const all = await search({ limit: 3 });
    expect(all.total).toBeGreaterThan(30);
    expect((await search({ limit: 3, cursor: all.nextCursor ?? "" })).items[0]?.id).not.toBe(all.items[0]?.id);
  });
});

describe("paths", () => {
  it("lists the steps of the shortest ones, whichever way the data flow", async () => {
    const down = await path({ from: "source:flights", to: "airport.segment" });
    expect(down).toMatchObject({ direction: "down", exhausted: true });
    expect(down.paths[0]?.at(0)?.from).toBe("source:flights");
    expect(down.paths[0]?.at(-1)).toEqual({
      from: "stage:airport_bands",
      to: "feature:airport.segment",
      role: "writes",
    });
    const up = await path({ from: "airport.segment", to: "source:flights" });
    expect(up).toMatchObject({ direction: "up", steps: down.steps, total: down.total, paths: down.paths });
    expect(up.nodes.find((node) => node.id === "source:flights")?.distance).toBe(-(down.steps ?? 0));
  });
  it("answers that there is none", async () => {
    expect(await path({ from: "airport.city", to: "airport.segment" })).toMatchObject({
      direction: null,
      steps: null,
      paths: [],
      exhausted: true,
    });
    await expect(path({ from: "airport.city", to: "stage:nothing" })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("impact", () => {
  it("has everything downstream with distance, use, environment and leak, page by page", async () => {
    const all = await impact({ node: "airport.delay_mean_7d", limit: 1000 });
    expect(all.items.find((row) => row.id === "feature:airport.segment")).toMatchObject({
      distance: 6,
      owner: "network-planning",
      environments: ["production", "staging", "dev"],
    });
    expect(all.items.find((row) => row.id === "model:late_model")?.uses.map((use) => use.role)).toEqual([
      "train",
      "validation",
      "test",
    ]);
    expect(all.items.map((row) => row.distance)).toEqual(
      all.items.map((row) => row.distance).toSorted((a, b) => a - b),
    );
    expect(Object.values(all.counts).reduce((sum, count) => sum + count, 0)).toBe(all.total);
    const paged: string[] = [];
    for (let cursor: string | null = "0"; cursor !== null;) {
      const page: Awaited<ReturnType<typeof impact>> = await impact({
        node: "airport.delay_mean_7d",
        limit: 4,
        cursor,
      });
      paged.push(...ids(page.items));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(ids(all.items));
    expect((await impact({ node: "airport.delay_mean_7d", kind: "model" })).counts).toEqual({ model: 2 });
    expect(
      (await impact({ node: "airport.delay_mean_7d", role: "test" })).items.every((row) =>
        row.uses.some((use) => use.role === "test"),
      ),
    ).toBe(true);
    expect(ids((await impact({ node: "airport.segment", side: "up", kind: "source" })).items)).toEqual([
      "source:flights",
    ]);
  });
  it("exports all of it", async () => {
    const query = pathContracts.exportLineageImpact.query.parse({
      workspace: "flights",
      node: "airport.delay_mean_7d",
    });
    let csv = "";
    for await (const piece of await exportImpact(fixture.people.ada, query)) csv += piece;
    const lines = csv.trim().split(/\r?\n/);
    expect(lines[0]).toContain("distance,kind,name,entity");
    expect(lines).toHaveLength(1 + (await impact({ node: "airport.delay_mean_7d" })).total);
    await expect(exportImpact(fixture.stranger, query)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("leaks", () => {
  it("leads from the data through the leaking fit to the model", async () => {
    const found = await leaks({});
    const leak = found.leaks.find((one) => one.feature === "airport.segment" && one.estimator === "airport_segments");
    expect(leak).toMatchObject({ model: "late_model", verdict: "leak" });
    expect(leak?.edges.at(0)).toMatchObject({ from: "source:flights", role: "contains" });
    expect(leak?.edges.at(-1)).toEqual({ from: "feature:airport.segment", to: "model:late_model", role: "reads" });
    expect(found.nodes).toContain("stage:airport_segments");
    // What is drawn is there: every edge of the overlay is an edge of the lineage, or leads into the model.
    const whole = await around({ focus: "airport.segment", up: 6, down: 6 });
    for (const edge of leak?.edges ?? []) expect(whole.edges).toContainEqual(edge);
    expect(
      (await leaks({ node: "model:late_model_banded" })).leaks.every((one) => one.model === "late_model_banded"),
    ).toBe(true);
    expect((await leaks({ node: "airport.city" })).leaks).toEqual([]);
  });
});

describe("columns", () => {
  it("traces a column through stages along its own flows only", async () => {
    const trace = await columns({ focus: "airport.departures_7d" });
    const names = trace.columns.map(({ column }) => column);
    expect(names).toContain("flight.origin");
    // The mean delay is made of flight.delay; the number of departures is not.
    expect(trace.flows.filter((flow) => flow.to === "airport.departures_7d" && flow.kind === "value")).toEqual([]);
    expect(names).toContain("airport.profile");
    expect(names).not.toContain("flight.origin_delay_mean_7d");
  });
  it("answers what lies between two columns, and inside a stage", async () => {
    const between = await columns({ focus: "airport.delay_mean_7d", to: "flight.late_inputs" });
    expect(between.flows.map((flow) => flow.stage)).toContain("flight_origin");
    expect(between.columns.map(({ column }) => column)).not.toContain("flight.late_probability");
    const stage = await columns({ focus: "stage:flight_origin" });
    expect(stage.flows).toEqual([
      expect.objectContaining({ from: "airport.delay_mean_7d", to: "flight.origin_delay_mean_7d", exact: true }),
      expect.objectContaining({ from: "airport.late_share_7d", to: "flight.origin_late_share_7d", exact: true }),
    ]);
    await expect(columns({ focus: "model:late_model" })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("the overview", () => {
  it.each(["kind", "entity", "owner", "source", "view"])("by %s counts every node and flow once", async (by) => {
    const whole = await overview({ by, limit: 1000 });
    const inside = whole.groups.reduce((sum, group) => sum + group.edges, 0);
    const between = whole.edges.reduce((sum, edge) => sum + edge.edges, 0);
    expect(inside + between + whole.hidden.edges).toBe(whole.total.edges);
    expect(whole.groups.reduce((sum, group) => sum + group.nodes, 0)).toBe(whole.total.nodes);
    expect(whole.hidden).toEqual({ nodes: 0, edges: 0 });
    const cut = await overview({ by, limit: 1 });
    expect(cut.groups).toHaveLength(1);
    expect(cut.hidden.nodes).toBe(whole.total.nodes - (cut.groups[0]?.nodes ?? 0));
    expect(cut.total).toEqual(whole.total);
  });
  it("colours by the variants of a pipeline", async () => {
    const found = await variants({ pipeline: "late_departures" });
    expect(found.variants.length).toBeGreaterThan(0);
    expect(found.nodes["stage:late_logistic"]?.length).toBeGreaterThan(0);
    await expect(variants({ pipeline: "nothing" })).rejects.toMatchObject({ code: "not_found" });
  });
});

it("answers nobody who has no role in the workspace", async () => {
  for (const ask of [
    () => around({ focus: "airport.segment" }, fixture.stranger),
    () => neighbours({ node: "airport.segment", side: "up" }, fixture.stranger),
    () => search({}, fixture.stranger),
    () => path({ from: "airport.segment", to: "airport.city" }, fixture.stranger),
    () => impact({ node: "airport.segment" }, fixture.stranger),
    () => leaks({}, fixture.stranger),
    () => columns({ focus: "airport.segment" }, fixture.stranger),
    () => overview({}, fixture.stranger),
    () => variants({ pipeline: "late_departures" }, fixture.stranger),
  ])
    await expect(ask()).rejects.toMatchObject({ code: "not_found" });
});
