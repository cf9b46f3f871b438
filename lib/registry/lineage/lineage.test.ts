import { afterAll, beforeAll, expect, it } from "vitest";
import { getLineage as contract } from "@/lib/contracts/lineage";
import { closeDatabase } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getLineage } from "./lineage";

let fixture: Fixture;
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

async function around(focus: string, more: Record<string, unknown> = {}) {
  const query = contract.query.parse({ workspace: "flights", focus, ...more });
  const lineage = contract.response.parse(await getLineage(fixture.people.ada, query));
  return { ...lineage, ids: lineage.nodes.map((node) => node.id).sort() };
}

it("shows the direct neighbours and counts those beyond them", async () => {
  const { ids, nodes, edges } = await around("airport.segment");
  expect(ids).toEqual([
    "feature:airport.segment",
    "model:late_model",
    "model:late_model_banded",
    "service:late_model_v1",
    "stage:airport_bands",
    "stage:airport_segments",
    "stage:flight_segment_index",
    "view:airport_stats",
  ]);
  expect(nodes.find((node) => node.id === "feature:airport.segment")).toMatchObject({
    upstream: 2,
    downstream: 5,
    leak: "leak",
  });
  expect(nodes.find((node) => node.id === "stage:airport_bands")).toMatchObject({
    distance: -1,
    upstream: 1,
    downstream: 1,
  });
  expect(nodes.find((node) => node.id === "view:airport_stats")).toMatchObject({
    distance: 1,
    upstream: 3,
    downstream: 1,
  });
  expect(edges).toContainEqual({ from: "stage:airport_bands", to: "feature:airport.segment", role: "writes" });
});

it("gives a view exactly its features", async () => {
  const { edges } = await around("view:airport_stats", { down: 0 });
  expect(edges.map((edge) => edge.from).sort()).toEqual([
    "feature:airport.delay_mean_7d",
    "feature:airport.departures_7d",
    "feature:airport.segment",
  ]);
});

it("walks to the sources and to the models", async () => {
  const { ids, nodes } = await around("airport.segment", { up: 6, down: 6 });
  expect(ids).toContain("source:flights");
  expect(ids).toContain("service:late_model_v1");
  expect(ids).toContain("feature:flight.late_probability");
  // Downstream of the focus only: a sibling that merely shares an input is not part of it.
  expect(ids).not.toContain("feature:flight.distance_band");
  expect(nodes.find((node) => node.id === "source:flights")?.distance).toBe(-5);
});

it("begins at any kind of node", async () => {
  expect((await around("source:flights", { up: 0 })).ids).toHaveLength(6);
  expect((await around("stage:late_logistic", { up: 0 })).ids).toEqual([
    "feature:flight.late_probability",
    "model:late_model",
    "stage:late_logistic",
  ]);
  expect((await around("model:late_model_banded", { down: 0 })).ids).toContain("feature:airport.segment");
  expect((await around("feature:airport.segment")).focus).toBe("feature:airport.segment");
});

it("says when the limit cut it, and counts what is missing", async () => {
  const { nodes, truncated } = await around("airport.segment", { limit: 3 });
  expect(nodes).toHaveLength(3);
  expect(truncated).toBe(true);
  expect(nodes[0]).toMatchObject({ upstream: 2, downstream: 5 });
});

it("does not know what is not there", async () => {
  await expect(around("airport.nothing")).rejects.toMatchObject({ code: "not_found" });
  await expect(around("stage:nothing")).rejects.toMatchObject({ code: "not_found" });
  const query = contract.query.parse({ workspace: "flights", focus: "airport.segment" });
  await expect(getLineage(fixture.stranger, query)).rejects.toMatchObject({ code: "not_found" });
});
