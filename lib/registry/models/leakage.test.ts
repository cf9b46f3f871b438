import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getLeakageProof } from "./leakage";
import { exportUsage, getLeakageMatrix, listUsage } from "./usage";

let fixture: Fixture;
const model = (name: string) => fixture.models[`${name}@1`] as string;

beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
});
afterAll(closeDatabase);

describe("getLeakageProof", () => {
  it("tells why late_model leaks through airport.segment, and what would help", async () => {
    const proof = await getLeakageProof(fixture.people.devi, model("late_model"), "airport.segment");
    expect(proof).toMatchObject({
      verdict: "leak",
      severity: "medium",
      reasons: ["FIT_COVERS_TEST"],
      featureVersion: 1,
    });
    expect(proof.explanation[0]).toBe(
      "`airport_segments` was fitted on all rows of flights@1. `late_model` is tested on part test of by_month (2001-06-01 onwards) of the same version. Every test row was seen.",
    );
    expect(proof.estimators.map((estimator) => [estimator.id, estimator.verdict])).toEqual([
      ["airport_segments", "leak"],
      ["airport_scaler", "safe"],
    ]);
    expect(proof.estimators[0]?.chain.map((link) => link.name)).toEqual([
      "flights",
      "airport_traffic",
      "airport_profile",
      "airport_scaler",
      "airport_segments",
      "late_model",
    ]);
    expect(proof.fixes[0]).toMatchObject({
      action: "refit_on_train",
      estimator: "airport_segments",
      verdictAfter: "safe",
      severityAfter: "none",
    });
  });

  it("draws what was fitted and tested on one plane", async () => {
    const { plane } = await getLeakageProof(fixture.people.devi, model("late_model"), "airport.segment");
    expect(plane).toMatchObject({ from: "2001-01-01T00:00:00.000Z", to: "2001-07-01T00:00:00.000Z" });
    expect(
      plane.boxes.map(({ set, name, from, to, low, high }) => [
        set,
        name,
        from?.slice(0, 10),
        to?.slice(0, 10),
        low,
        high,
      ]),
    ).toEqual([
      ["fit", "airport_scaler", "2001-01-01", "2001-05-01", 0, 1],
      ["fit", "airport_segments", "2001-01-01", "2001-07-01", 0, 1],
      ["train", "late_model", "2001-01-01", "2001-05-01", 0, 1],
      ["test", "late_model", "2001-06-01", "2001-07-01", 0, 1],
    ]);
  });

  it("judges the model as a whole when no feature is named", async () => {
    const proof = await getLeakageProof(fixture.people.ada, model("late_model_banded"));
    expect(proof).toMatchObject({ verdict: "safe", severity: "none", feature: null, fixes: [] });
  });

  it("is for those who can see the workspace, about what the model reads", async () => {
    await expect(getLeakageProof(fixture.stranger, model("late_model"))).rejects.toMatchObject({ code: "not_found" });
    await expect(getLeakageProof(fixture.people.ada, "nothing")).rejects.toMatchObject({ code: "not_found" });
    await expect(getLeakageProof(fixture.people.ada, model("late_model"), "airport.city")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("does not read"),
    });
  });
});

describe("the matrix", () => {
  it("has a leak where the segmentation saw June, and nowhere else", async () => {
    const matrix = await getLeakageMatrix(fixture.people.devi, "flights");
    expect(matrix.consumers.map(({ model, verdict, severity }) => [model, verdict, severity])).toEqual([
      ["late_model", "leak", "medium"],
      ["late_model_banded", "safe", "none"],
    ]);
    const leaks = matrix.rows.flatMap((row) =>
      row.cells.filter((cell) => cell.verdict === "leak").map(() => `${row.feature}@${row.version}`),
    );
    expect(leaks).toEqual(["airport.segment@1"]);
  });
});

describe("the ledger", () => {
  it("says who used what on which rows", async () => {
    const { items, total } = await listUsage(fixture.people.devi, {
      workspace: "flights",
      feature: "segment",
      role: "test",
      limit: 10,
    });
    expect(total).toBe(2);
    expect(items.find((entry) => entry.consumer === "late_model")).toMatchObject({
      feature: "airport.segment",
      version: 1,
      consumerKind: "model",
      mode: "applied",
      rows: 502228,
      run: 1,
      actor: "Bram Okafor",
      rowSet: "part test of by_month (2001-06-01 onwards) of flights@1",
    });
  });

  it("pages through everything once", async () => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    const { total } = await listUsage(fixture.people.devi, { workspace: "flights", limit: 1 });
    do {
      const page = await listUsage(fixture.people.devi, { workspace: "flights", limit: 7, ...(cursor && { cursor }) });
      for (const entry of page.items) seen.add(entry.id);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen.size).toBe(total);
  });

  it("exports what the filter lets through as CSV", async () => {
    let text = "";
    for await (const chunk of await exportUsage(fixture.people.devi, {
      workspace: "flights",
      consumer: "late_model_banded",
    }))
      text += chunk;
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toBe("feature,version,consumer,consumerKind,role,mode,rows,rowSet,run,at,actor");
    expect(lines).toHaveLength(1 + 18);
  });
});
