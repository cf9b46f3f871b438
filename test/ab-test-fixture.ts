import { mkdir } from "node:fs/promises";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { prisma } from "@/lib/db/client";
import type { HashPolicy } from "@/lib/registry/experiments/ab-test-row";
import { digestOf } from "@/lib/registry/record-event";
import type { Fixture } from "./registry-fixture";
import { BY, json } from "./registry-fixture-rows";

/** Flights of the fixture's files. */
const FLIGHTS = 8000;

const POLICY: HashPolicy = {
  kind: "SplitPolicy",
  name: "segments_ab",
  type: "hash",
  algo: "md5-32",
  key: "id",
  salt: "segments",
  buckets: 100,
  parts: { control: [[0, 50]], treatment: [[50, 100]], early: [[0, 60]], spare: [[90, 100]] },
};

/** Deployment → SQL of its prediction over `i`, `late` (what happens) and `u` (noise, 0 to 1). */
const PREDICTIONS = {
  kmeans: "0.25 + 0.3 * u",
  bands: "CASE WHEN late THEN 0.35 + 0.4 * u ELSE 0.15 + 0.3 * u END",
};

/** One flight a minute from 1 June; a quarter of them late. */
const WORLD = `SELECT i AS id, TIMESTAMP '2001-06-01' + INTERVAL (i) MINUTE AS date, hash(i) % 4 = 0 AS late,
  (hash(i * 7 + 1) % 1000) / 1000.0 AS u FROM range(${FLIGHTS}) t(i)`;

/**
 * Two deployments of `flight.late_probability` whose jobs have predicted June, the label in a run's output, and hash policies to
 * assign flights by, with real files below `data`.
 */
export async function fillAbTest({ workspace, versions, models, runs }: Fixture, data: string): Promise<void> {
  const db = prisma();
  const workspaceId = workspace.id;
  const folder = path.join(data, workspace.name);
  for (const definition of [
    POLICY,
    { ...POLICY, name: "by_origin", key: "origin" },
    { ...POLICY, name: "by_gate", key: "gate" },
  ])
    await db.splitPolicy.create({
      data: {
        workspaceId,
        name: definition.name,
        type: "hash",
        definition: json(definition),
        digest: digestOf(definition),
        createdBy: BY,
        updatedBy: BY,
      },
    });
  await mkdir(folder, { recursive: true });
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const write = async (name: string, select: string) => {
    const file = path.join(folder, `${name}.parquet`);
    await connection.run(
      `COPY (SELECT id, date, hash(i) AS origin, ${select} FROM (SELECT id AS i, * FROM (${WORLD}))) TO '${file}' (FORMAT parquet)`,
    );
    return path.relative(data, file);
  };

  const record = async (dataset: string, runId: string, file: string) => {
    const { _max } = await db.datasetVersion.aggregate({ where: { workspaceId, dataset }, _max: { version: true } });
    const version = await db.datasetVersion.create({
      data: {
        workspaceId,
        dataset,
        version: (_max.version ?? 0) + 1,
        runId,
        files: [{ path: file, sha256: digestOf(file), bytes: 1 }],
        digest: digestOf(file),
        rows: BigInt(FLIGHTS),
        timeFrom: new Date("2001-06-01T00:00:00Z"),
        timeTo: new Date(Date.UTC(2001, 5, 1) + (FLIGHTS - 1) * 60_000),
        createdBy: BY,
      },
    });
    return version.id;
  };

  const newRun = async (
    number: number,
    more: { kind: string; variantId: string | null; jobId?: string; modelVersionId?: string },
  ) => {
    const run = await db.run.create({
      data: { workspaceId, number, title: `run ${number}`, state: "succeeded", params: {}, createdBy: BY, ...more },
    });
    return run.id;
  };
  const first = await db.run.findUniqueOrThrow({ where: { id: runs[1] as string } });
  const second = await db.run.findUniqueOrThrow({ where: { id: runs[2] as string } });
  const label = await newRun(101, { kind: "variant", variantId: first.variantId });
  await db.featureValues.deleteMany({
    where: { featureVersion: { feature: { workspaceId, name: "flight.is_late" } } },
  });
  const datasetVersionId = await record("flight@late_departures", label, await write("label", "late AS is_late"));
  await db.featureValues.create({
    data: {
      featureVersionId: versions["flight.is_late@1"] as string,
      runId: label,
      datasetVersionId,
      column: "is_late",
    },
  });

  const deployed = [
    { name: "kmeans", variantId: first.variantId as string, model: "late_model", number: 102 },
    { name: "bands", variantId: second.variantId as string, model: "late_model_banded", number: 103 },
  ] as const;
  for (const { name, variantId, model, number } of deployed) {
    const definition = { outputs: ["flight.late_probability"], evaluate: { label: "flight.is_late" } };
    const deployment = await db.deployment.create({
      data: {
        workspaceId,
        name,
        variantId,
        state: "active",
        model,
        params: { pipeline: name, definition, pins: {}, variant: 0, stageVersions: {} },
        createdBy: BY,
        updatedBy: BY,
        jobs: { create: { kind: "predict_staging", updatedBy: BY } },
      },
      include: { jobs: true },
    });
    const runId = await newRun(number, {
      kind: "predict",
      variantId,
      jobId: deployment.jobs[0]?.id,
      modelVersionId: models[`${model}@1`],
    });
    const file = await write(name, `${PREDICTIONS[name]} AS late_probability`);
    await record(`flight@${name}.staging`, runId, file);
  }
  connection.closeSync();
}
