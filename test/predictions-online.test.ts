import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import type { JobKind } from "@/lib/domain/runs/job-kinds";
import { createDeployment } from "@/lib/registry/deployments/create";
import { getDeployment } from "@/lib/registry/deployments/deployments";
import { startJob } from "@/lib/registry/deployments/jobs";
import { servedColumns } from "@/lib/registry/drift/skew-columns";
import { type OnlineWorkspace, openOnlineWorkspace } from "./online-workspace";

const SPECS = `
kind: Workspace
name: shop
title: Shop
---
kind: Entity
name: item
joinKeys: [{ name: id, type: bigint }]
eventTime: at
---
kind: Source
name: items
entity: item
format: parquet
location: "{folder}/items.parquet"
columns:
  - { name: id, type: bigint }
  - { name: at, type: timestamp }
  - { name: x, type: double }
  - { name: y, type: double }
rowKey: [id, at]
timeColumn: at
---
kind: Stage
name: assembled
entity: item
transformer: VectorAssembler
inputs: [item.x]
outputs: [{ column: item.vector, type: vector }]
---
kind: Stage
name: line
entity: item
estimator: LinearRegression
class: supervised
inputs: [item.vector]
fitInputs: [item.y]
outputs: [{ column: item.guess, type: double }]
---
kind: FeatureView
name: guesses
entity: item
features: [item.guess]
ttl: 0
online: true
---
kind: Pipeline
name: guess
outputs: [item.guess]
`;

/** Rows of items: y is `slope` times x, x the id, on a day each. */
const ROWS = (slope: number, ids: number) =>
  `SELECT i::BIGINT AS id, TIMESTAMP '2024-01-01' + INTERVAL (i) DAY AS "at", i::DOUBLE AS x, ${slope} * i::DOUBLE AS y FROM range(1, ${ids + 1}) r(i)`;

let world: OnlineWorkspace;

beforeAll(async () => {
  world = await openOnlineWorkspace("shop");
  await world.write("items.parquet", ROWS(2, 40));
  await world.apply(SPECS);
  await createDeployment(SYSTEM, { workspace: "shop", pipeline: "guess" }, world.engine);
});
afterAll(() => world.close());

async function runJob(kind: JobKind, window = {}) {
  const id = await startJob(SYSTEM, { workspace: "shop", name: "guess", kind }, window, world.engine);
  await world.idle();
  return world.ended(id);
}

/** The guess of items 10 and 20 in an environment, rounded. */
async function guesses(environment: "dev" | "staging" | "production", ids = [10, 20]) {
  const { guess } = await world.online(["guesses:guess"], { id: ids }, environment);
  return guess?.values.map((value) => (value === null ? null : Math.round(Number(value))));
}

async function nameProduction(version: number) {
  const model = await prisma().model.findFirstOrThrow({ include: { versions: true } });
  const modelVersionId = model.versions.find((one) => one.version === version)?.id as string;
  await prisma().modelAlias.upsert({
    where: { modelId_alias: { modelId: model.id, alias: "production" } },
    create: { modelId: model.id, alias: "production", modelVersionId, updatedBy: SYSTEM.id },
    update: { modelVersionId },
  });
}

describe("predictions of a deployment", () => {
  it("are not served where the environment serves no version, and the run says what to do", async () => {
    await runJob("fit");
    await nameProduction(1);
    const run = await runJob("predict_production");
    expect(run.state).toBe("succeeded");
    expect(run.message).toBe(
      "Done. Production does not serve these values of item.guess: version 1 of model guess, which has the alias production, writes v1, and production serves no version yet. Promote v1 of the feature to production.",
    );
    expect(await guesses("production")).toEqual([null, null]);
    const { jobs } = await getDeployment(SYSTEM, "shop", "guess");
    expect(jobs[2]?.serves).toEqual([
      expect.objectContaining({ feature: "item.guess", isServed: false, version: 1, pointer: null }),
    ]);
  });

  it("are what production serves once the pointer agrees, and a fit on newer rows does not displace them", async () => {
    await world.promote("item.guess", "production");
    await world.promote("item.guess", "staging");
    expect(await guesses("production")).toEqual([20, 40]);
    const run = await runJob("predict_production");
    expect(run.message).toBe("Done. Production serves item.guess v1 from it.");
    expect(run.materialisations).toHaveLength(1);
    await world.write("items.parquet", ROWS(3, 40));
    await runJob("fit");
    expect(await guesses("dev")).toEqual([30, 60]);
    expect(await guesses("production")).toEqual([20, 40]);
    // The new version has no alias yet, so that staging goes on with version 1; then it takes the second one.
    expect((await runJob("predict_staging")).message).toBe("Done. Staging serves item.guess v1 from it.");
    expect(await guesses("staging")).toEqual([20, 40]);
    await nameProduction(2);
    expect((await runJob("predict_production")).message).toContain("Production serves item.guess v1");
    expect(await guesses("production")).toEqual([30, 60]);
    expect(await guesses("staging")).toEqual([20, 40]);
    expect((await getDeployment(SYSTEM, "shop", "guess")).jobs[2]?.serves).toEqual([
      expect.objectContaining({ feature: "item.guess", isServed: true, version: 1, pointer: 1 }),
    ]);
  });

  it("are read offline from the same files", async () => {
    const view = await prisma().featureView.findFirstOrThrow({ where: { name: "guesses" } });
    for (const environment of ["dev", "staging", "production"]) {
      const [column] = await servedColumns(view, environment);
      expect(column?.offline[0]?.paths).toEqual(column?.online?.paths);
      const run = await prisma().datasetVersion.findUniqueOrThrow({
        where: { id: column?.offline[0]?.datasetVersionId },
        include: { run: { include: { job: true } } },
      });
      expect(run.run?.job?.kind).toBe(environment === "dev" ? "fit" : `predict_${environment}`);
    }
  });

  it("of a window replace those of its rows only", async () => {
    await world.write(
      "items.parquet",
      `SELECT * REPLACE (CASE WHEN id = 10 THEN 100 ELSE x END AS x) FROM (${ROWS(3, 45)})`,
    );
    const run = await runJob("predict_production", {
      from: "2024-01-11T00:00:00.000Z",
      to: "2024-01-12T00:00:00.000Z",
    });
    expect(run.rows).toBe(1n);
    expect(await guesses("production", [10, 20, 45])).toEqual([300, 60, null]);
    await runJob("predict_production");
    expect(await guesses("production", [10, 20, 45])).toEqual([300, 60, 135]);
  });
});
