import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LineageQuery } from "@/lib/contracts/lineage";
import { LeakageProof } from "@/lib/contracts/leakage";
import * as contracts from "@/lib/contracts/models";
import { closeDatabase, prisma } from "@/lib/db/client";
import { addExternalVersion } from "@/test/external-model-version";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { listChangeCandidates } from "../changes/candidates";
import { openChange } from "../changes/changes";
import { searchEverything } from "../home/search";
import { getLineage } from "../lineage/lineage";
import { getOverview } from "../lineage/overview";
import { findConceptSubject } from "../monitors/concept-subject";
import { getLeakageProof } from "./leakage";
import { getModel, listModels } from "./models";

let fixture: Fixture;
let onlyElsewhere: { id: string };
beforeAll(async () => {
  await openTestDatabase();
  fixture = await filledRegistry();
  await addExternalVersion(fixture.workspace.id, "late_model");
  onlyElsewhere = await addExternalVersion(fixture.workspace.id, "churn");
});
afterAll(closeDatabase);

describe("a model version that was fitted elsewhere", () => {
  it("says what it is and where, beside those that runs made", async () => {
    const model = contracts.getModel.response.parse(await getModel(fixture.people.ada, "flights", "late_model"));
    expect(model.pipeline).toBe("late_departures");
    expect(model.versions.map(({ version, runId, where }) => [version, runId === null, where.uri])).toEqual([
      [2, true, "models:/late_model/7"],
      [1, false, expect.stringMatching(/^tributary:fits\//)],
    ]);
    expect(model.versions[0]).toMatchObject({
      runNumber: null,
      stage: null,
      trainedOn: "rows that nobody recorded",
      testedOn: "rows that nobody recorded",
      verdict: "unknown",
      where: { engine: "mlflow", format: "mlflow", externalId: "late_model/7", codeDigest: null },
    });
  });

  it("may be all that a model has", async () => {
    const { items } = contracts.listModels.response.parse(await listModels(fixture.people.ada, "flights"));
    expect(items.find(({ name }) => name === "churn")).toMatchObject({ pipeline: null, versions: 1 });
    const model = contracts.getModel.response.parse(await getModel(fixture.people.ada, "flights", "churn"));
    expect(model).toMatchObject({ pipeline: null, label: "", versions: [{ trainingDataset: null }] });
  });

  it("has a proof that nobody can tell", async () => {
    const proof = LeakageProof.parse(await getLeakageProof(fixture.people.devi, onlyElsewhere.id));
    expect(proof).toMatchObject({ run: null, runId: null, verdict: "unknown" });
  });

  it("is found by search and lineage, and can be proposed for an alias with evidence", async () => {
    const query = LineageQuery.parse({ workspace: "flights", focus: "model:churn" });
    expect((await getLineage(fixture.people.ada, query)).nodes.map(({ id }) => id)).toEqual(["model:churn"]);
    await getOverview(fixture.people.ada, { workspace: "flights", by: "owner", limit: 50 });
    const found = await searchEverything(fixture.people.ada, { workspace: "flights", q: "churn", limit: 5 });
    expect(found.items.map(({ kind, name }) => `${kind} ${name}`)).toContain("model churn");
    expect(await listChangeCandidates(fixture.people.bram, "flights")).toBeDefined();
    const change = await openChange(fixture.people.bram, {
      workspace: "flights",
      model: "churn",
      environment: "staging",
      version: 1,
    });
    expect(change).toBeDefined();
  });

  it("cannot be watched by what comes of its predictions, and says so", async () => {
    await expect(findConceptSubject(fixture.workspace.id, "churn")).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("was fitted elsewhere, by mlflow") as string,
    });
  });

  it("is refused when it names a run but no fit", async () => {
    const { runId } = await prisma().modelVersion.findFirstOrThrow({ where: { runId: { not: null } } });
    await expect(prisma().modelVersion.update({ where: { id: onlyElsewhere.id }, data: { runId } })).rejects.toThrow();
  });
});
