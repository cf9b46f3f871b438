import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as historyContracts from "@/lib/contracts/lineage-history";
import { getLineage as lineageContract } from "@/lib/contracts/lineage";
import { closeDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { openTestDatabase } from "@/test/open-test-database";
import { filledRegistry } from "@/test/filled-registry";
import type { Fixture } from "@/test/registry-fixture";
import { getLineage } from "./lineage";
import { diffLineage } from "./difference";
import { EVERYTHING, fillLineage, syncLineage } from "./sync";
import { listTimes } from "./times";
import { applySpecs } from "../specs/specs";

beforeAll(openTestDatabase);
afterAll(closeDatabase);

interface Declared {
  columns: string[];
  stages: { name: string; inputs: string[]; output: string }[];
  views: { name: string; features: string[] }[];
  services: { name: string; features: string[] }[];
}

/** A workspace in which everything may come and go, valid at every step. */
function declare(random: () => number): Declared {
  const some = <Item>(items: readonly Item[], least: number): Item[] => {
    const kept = items.filter(() => random() < 0.5);
    return kept.length >= least ? kept : items.slice(0, least);
  };
  const columns = ["id", "at", ...some(["a", "b", "c"], 1)];
  const available = columns.slice(2).map((column) => `thing.${column}`);
  const stages = some(["s0", "s1", "s2", "s3"], 0).map((name) => {
    const inputs = some(available, 1).slice(0, 3);
    const output = `thing.${name}_out`;
    available.push(output);
    return { name, inputs, output };
  });
  const views = some(["v0", "v1"], 0).map((name) => ({ name, features: some(available, 1) }));
  const services = some(["w0", "w1"], 0).flatMap((name) => {
    const features = views.flatMap((view) =>
      some(view.features, 0).map((column) => `${view.name}:${column.split(".")[1]}`),
    );
    return features.length > 0 ? [{ name, features }] : [];
  });
  return { columns, stages, views, services };
}

function documentsOf(workspace: string, { columns, stages, views, services }: Declared) {
  const documents = [
    { kind: "Workspace", name: workspace },
    { kind: "Entity", name: "thing", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at" },
    {
      kind: "Source",
      name: "things",
      entity: "thing",
      format: "csv",
      location: "things.csv",
      columns: columns.map((name) => ({
        name,
        type: name === "at" ? "timestamp" : name === "id" ? "bigint" : "double",
      })),
      rowKey: ["id"],
      timeColumn: "at",
    },
    ...stages.map(({ name, inputs, output }) => ({
      kind: "Stage",
      name,
      entity: "thing",
      transformer: "sql",
      inputs,
      outputs: [{ column: output, type: "double" }],
      params: {
        statement: `SELECT *, ${inputs.map((column) => column.split(".")[1]).join(" + ")} AS ${name}_out FROM __THIS__`,
      },
    })),
    ...views.map(({ name, features }) => ({
      kind: "FeatureView",
      name,
      entity: "thing",
      features,
      ttl: "1d",
      online: false,
    })),
    ...services.map(({ name, features }) => ({ kind: "FeatureService", name, features })),
  ];
  return [{ file: "all.yaml", text: documents.map((document) => JSON.stringify(document)).join("\n---\n") }];
}

/** The edges that a declaration means, worked out without the registry. */
function meant({ columns, stages, views, services }: Declared): string[] {
  const edges = [
    ...columns.map((column) => `source:things contains feature:thing.${column}`),
    ...stages.flatMap(({ name, inputs, output }) => [
      ...inputs.map((column) => `feature:${column} reads stage:${name}`),
      `stage:${name} writes feature:${output}`,
    ]),
    ...views.flatMap(({ name, features }) => features.map((column) => `feature:${column} contains view:${name}`)),
    ...services.flatMap(({ name, features }) => [
      ...features.map((ref) => `feature:thing.${ref.split(":")[1]} serves service:${name}`),
      ...new Set(features.map((ref) => `view:${ref.split(":")[0]} through service:${name}`)),
    ]),
  ];
  return [...new Set(edges)].sort();
}

async function kept(workspace: string, asOf?: string): Promise<string[]> {
  const rows = await prisma().lineageEdge.findMany({
    where: {
      workspace: { name: workspace },
      ...(asOf ? { since: { lte: asOf }, OR: [{ until: null }, { until: { gt: asOf } }] } : { until: null }),
    },
  });
  return rows.map(({ from, role, to }) => `${from} ${role} ${to}`).sort();
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("kept lineage", () => {
  it("is what is declared after any sequence of applies, and what was declared at any moment before", async () => {
    const random = randomNumbers(7);
    const past: { at: string; edges: string[] }[] = [];
    for (let round = 0; round < 14; round += 1) {
      const declared = declare(random);
      await applySpecs(SYSTEM, { documents: documentsOf("random", declared), prune: true });
      const edges = meant(declared);
      expect(await kept("random")).toEqual(edges);
      await pause();
      past.push({ at: new Date().toISOString(), edges });
      await pause();
    }
    for (const { at, edges } of past) expect(await kept("random", at)).toEqual(edges);

    const asked = (query: Record<string, unknown>) => lineageContract.query.parse({ workspace: "random", ...query });
    for (const { at, edges } of past) {
      const lineage = await getLineage(SYSTEM, asked({ focus: "source:things", down: 1, asOf: at }));
      expect(lineage.edges.map(({ from, role, to }) => `${from} ${role} ${to}`).sort()).toEqual(
        edges.filter((edge) => edge.startsWith("source:things ")),
      );
    }
    const diffs = (query: Record<string, unknown>) =>
      diffLineage(SYSTEM, historyContracts.diffLineage.query.parse({ workspace: "random", ...query }));
    for (const [first, second] of [
      [2, 9],
      [9, 2],
      [0, 13],
      [5, 5],
    ] as const) {
      const [against, asOf] = [past[first], past[second]] as [(typeof past)[0], (typeof past)[0]];
      const difference = historyContracts.diffLineage.response.parse(
        await diffs({ against: against.at, asOf: asOf.at }),
      );
      const said = (list: typeof difference.added) => list.map(({ from, role, to }) => `${from} ${role} ${to}`).sort();
      expect(said(difference.added)).toEqual(asOf.edges.filter((edge) => !against.edges.includes(edge)));
      expect(said(difference.removed)).toEqual(against.edges.filter((edge) => !asOf.edges.includes(edge)));
      const nodesOf = (edges: string[]) => [
        ...new Set(edges.flatMap((edge) => [edge.split(" ")[0], edge.split(" ")[2]])),
      ];
      expect(difference.addedNodes.toSorted()).toEqual(
        nodesOf(asOf.edges)
          .filter((id) => !nodesOf(against.edges).includes(id))
          .sort(),
      );
      expect(difference.counts.removedNodes).toBe(
        nodesOf(against.edges).filter((id) => !nodesOf(asOf.edges).includes(id)).length,
      );
    }
    const times = await listTimes(SYSTEM, historyContracts.listLineageTimes.query.parse({ workspace: "random" }));
    expect(times.changes.reduce((sum, change) => sum + change.added - change.removed, 0)).toBe(
      past.at(-1)?.edges.length,
    );
    const few = await listTimes(
      SYSTEM,
      historyContracts.listLineageTimes.query.parse({ workspace: "random", buckets: 3 }),
    );
    expect(few.changes.length).toBeLessThanOrEqual(3);
    expect(few.changes.reduce((sum, change) => sum + change.moments, 0)).toBe(times.changes.length);
    expect(few.changes.reduce((sum, change) => sum + change.added, 0)).toBe(
      times.changes.reduce((sum, change) => sum + change.added, 0),
    );
  });

  it("is one moment for one apply, whatever kinds it changes", async () => {
    const rows = await prisma().$queryRaw<{ n: number }[]>`
      SELECT count(DISTINCT e."since")::int AS n FROM "LineageEdge" e JOIN "Workspace" w ON w."id" = e."workspaceId"
      WHERE w."name" = 'random'`;
    expect(rows[0]?.n).toBeLessThanOrEqual(14);
  });
});

describe("a workspace that kept none", () => {
  let fixture: Fixture;
  it("is filled once, each edge from when it was declared", async () => {
    fixture = await filledRegistry();
    const before = await kept("flights");
    expect(before).toContain("feature:airport.segment reads model:late_model");
    expect(before).toContain("stage:late_logistic fits model:late_model");
    await prisma().lineageEdge.deleteMany({ where: { workspaceId: fixture.workspace.id } });
    expect(await fillLineage()).toEqual(["flights"]);
    expect(await fillLineage()).toEqual([]);
    expect(await kept("flights")).toEqual(before);
    const version = await prisma().stageVersion.findFirstOrThrow({ where: { stage: { name: "late_tree" } } });
    const edge = await prisma().lineageEdge.findFirstOrThrow({ where: { to: "stage:late_tree" } });
    expect(edge.since).toEqual(version.createdAt);
  });
  it("does not change when nothing did", async () => {
    const rows = () => prisma().lineageEdge.findMany({ orderBy: { id: "asc" } });
    const before = await rows();
    await prisma().$transaction((tx) => syncLineage(tx, fixture.workspace.id, EVERYTHING));
    expect(await rows()).toEqual(before);
  });
  it("follows a model's newest version, and what was read before ends", async () => {
    const { id, verdicts, ...version } = await prisma().modelVersion.findFirstOrThrow({
      where: { model: { name: "late_model" } },
      include: { verdicts: true },
    });
    const { id: next } = await prisma().modelVersion.create({
      data: {
        ...version,
        version: 2,
        leakageInput: version.leakageInput as object,
        metrics: version.metrics as object,
        evaluation: undefined,
        fits: undefined,
      },
    });
    await prisma().leakageVerdict.create({
      data: {
        ...verdicts[0],
        id: undefined,
        modelVersionId: next,
        perEstimator: {},
        earlier: [],
        featureVersionId: verdicts[0]?.featureVersionId as string,
        verdict: "safe",
        severity: "none",
      },
    });
    await prisma().$transaction((tx) => syncLineage(tx, fixture.workspace.id, { model: ["late_model"] }));
    const read = (await kept("flights")).filter((edge) => edge.endsWith("reads model:late_model"));
    expect(read).toHaveLength(1);
    expect(await prisma().lineageEdge.count({ where: { to: "model:late_model", until: { not: null } } })).toBe(
      verdicts.length - 1,
    );
    expect(id).not.toBe(next);
  });
});

/** Mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
