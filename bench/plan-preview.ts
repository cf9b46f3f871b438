import { pathToFileURL } from "node:url";
import { closeDatabase, openDatabase, prisma } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { previewPlan } from "@/lib/registry/plans/plans";
import { applySpecs } from "@/lib/registry/specs/specs";
import type { BenchRow } from "./bench-row";

const ROUNDS = 15;
const TIMES_READING = 5;

/**
 * The preview of a workspace's plan, merged graph, reuse and verdicts included, against plain queries that read the same
 * declarations: what any plan on a registry has to do first. Eight variants, in workspaces of three sizes; both in turn, so
 * that the machine's moods meet both alike.
 */
export async function benchPlanPreview(): Promise<BenchRow[]> {
  await openDatabase({ directory: null });
  try {
    const rows: BenchRow[] = [];
    for (const size of [20, 200, 2_000]) rows.push(await measure(size));
    return rows;
  } finally {
    await closeDatabase();
  }
}

async function measure(size: number): Promise<BenchRow> {
  const workspace = `preview_${size}`;
  await applySpecs(SYSTEM, { workspace, documents: documentsOf(workspace, size) });
  const { id } = await prisma().workspace.findUniqueOrThrow({ where: { name: workspace }, select: { id: true } });
  const preview = () =>
    previewPlan(SYSTEM, { workspace, outputs: ["trip.late_probability"] }, { unsupported: () => Promise.resolve([]) });
  const read = async () => {
    for (const table of ["Entity", "Source", "SplitPolicy", "Pipeline"])
      await prisma().$queryRawUnsafe(`SELECT "definition" FROM "${table}" WHERE "workspaceId" = $1`, id);
    await prisma().$queryRaw`
      SELECT v."definition" FROM "Stage" s JOIN "StageVersion" v ON v."stageId" = s."id" AND v."version" = s."version"
      WHERE s."workspaceId" = ${id} ORDER BY s."position"`;
  };
  const answer = await preview();
  if (answer.total !== "8" || answer.details?.some(({ verdict }) => verdict === null)) throw new Error("not that plan");
  for (let i = 0; i < 3; i++) {
    await preview();
    await read();
  }
  const [previews, reads]: [number[], number[]] = [[], []];
  for (let i = 0; i < ROUNDS; i++) {
    previews.push(await timed(preview));
    reads.push(await timed(read));
  }
  const [measured, limit] = [median(previews), median(reads)];
  return {
    name: "plan: preview of a workspace with graph, reuse and verdicts",
    size: `${size.toLocaleString("en")} stages, 8 variants`,
    measured,
    against: "plain queries that read the declarations",
    limit,
    ratio: measured / limit,
    bar: `≤ ${TIMES_READING} ×`,
    ok: measured <= TIMES_READING * limit,
  };
}

/** Three forks before a model, and around them stages that the model does not need. */
function documentsOf(workspace: string, size: number): Record<string, unknown>[] {
  const owner = { owner: "bench" };
  const sql = (name: string, input: string, output: string) => ({
    kind: "Stage",
    name,
    entity: "trip",
    transformer: "sql",
    inputs: [input],
    params: { statement: `SELECT *, ${input.split(".")[1]} + 1 AS ${output.split(".")[1]} FROM __THIS__` },
    outputs: [{ column: output, type: "double" }],
    ...owner,
  });
  const forks = [1, 2, 3].flatMap((fork) =>
    ["a", "b"].map((side) => sql(`fork_${fork}_${side}`, `trip.x${fork - 1}`, `trip.x${fork}`)),
  );
  const scaled = {
    kind: "Stage",
    name: "scaler",
    entity: "trip",
    estimator: "StandardScaler",
    inputs: ["trip.vector"],
    outputs: [{ column: "trip.scaled", type: "vector" }],
    ...owner,
  };
  const vector = {
    kind: "Stage",
    name: "assembler",
    entity: "trip",
    transformer: "VectorAssembler",
    inputs: ["trip.x1", "trip.x2", "trip.x3"],
    outputs: [{ column: "trip.vector", type: "vector" }],
    ...owner,
  };
  const model = {
    kind: "Stage",
    name: "late_logistic",
    entity: "trip",
    estimator: "LogisticRegression",
    inputs: ["trip.scaled"],
    fitInputs: ["trip.late"],
    outputs: [{ column: "trip.late_probability", type: "double" }],
    ...owner,
  };
  const others = Array.from({ length: size - 9 }, (_, i) =>
    sql(`other_${i}`, i % 5 === 0 ? "trip.x0" : `trip.other_${i - 1}`, `trip.other_${i}`),
  );
  return [
    { kind: "Workspace", name: workspace },
    { kind: "Entity", name: "trip", joinKeys: [{ name: "id", type: "bigint" }], eventTime: "at", ...owner },
    {
      kind: "Source",
      name: "trips",
      entity: "trip",
      format: "parquet",
      location: "trips.parquet",
      rowKey: ["id"],
      timeColumn: "at",
      columns: [
        { name: "id", type: "bigint" },
        { name: "at", type: "timestamp" },
        { name: "x0", type: "double" },
        { name: "late", type: "boolean" },
      ],
      ...owner,
    },
    {
      kind: "SplitPolicy",
      name: "by_time",
      type: "time",
      column: "at",
      parts: { train: [null, "2024-05-01T00:00:00Z"], test: ["2024-05-01T00:00:00Z", null] },
      ...owner,
    },
    ...forks,
    vector,
    scaled,
    model,
    ...others,
    {
      kind: "Pipeline",
      name: "late_trips",
      outputs: ["trip.late_probability"],
      fit: { split: "by_time", parts: ["train"] },
      evaluate: { split: "by_time", test: ["test"], label: "trip.late", model: "late_trips", unit: ["id"] },
      ...owner,
    },
  ];
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await run();
  return performance.now() - began;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] as number;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await benchPlanPreview());
