import { createHash } from "node:crypto";
import { explainVerdict } from "@/lib/domain/leakage/explain-verdict";
import { judgeLeakage } from "@/lib/domain/leakage/judge-leakage";
import type { EstimatorFit, LeakageInput, RowSet } from "@/lib/domain/leakage/types";
import { splitColumn, type PipelineDefinition, type StageDefinition } from "@/lib/domain/definitions";
import type { Role } from "@/lib/domain/roles";
import type { Principal } from "@/lib/domain/principal";
import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { digestOf, recordEvents } from "@/lib/registry/record-event";
import { ENTITIES, FEATURES, PIPELINES, SERVICE, SOURCES, SPLITS, STAGES, VIEWS } from "./registry-fixture-definitions";
import { DISTRIBUTIONS, driftOf, MONTHS, profileOf } from "./registry-fixture-distributions";

/**
 * A small workspace for tests and for looking at pages: declared objects, two runs of two pipelines, profiles, drift, usage and
 * one model that leaks beside one that is safe. Written straight to the tables, so that a test needs neither engine nor specs.
 * The database must be open.
 */
export interface Fixture {
  workspace: { id: string; name: string };
  people: Record<Person, Principal>;
  /** Signed in, without a role in the workspace. */
  stranger: Principal;
  /** Feature name → id. */
  features: Record<string, string>;
  /** `feature@version` → id of the feature version. */
  versions: Record<string, string>;
  /** Run number → id. */
  runs: Record<number, string>;
  /** `model@version` → id of the model version. */
  models: Record<string, string>;
}

export const PEOPLE = {
  ada: { name: "Ada Lindqvist", role: "author" },
  bram: { name: "Bram Okafor", role: "author" },
  chiara: { name: "Chiara Rossi", role: "steward" },
  devi: { name: "Devi Nair", role: "auditor" },
  emil: { name: "Emil Novak", role: "admin" },
} as const satisfies Record<string, { name: string; role: Role }>;
export type Person = keyof typeof PEOPLE;

const BY = "user:fixture";
const digest = (value: unknown) => digestOf(value);
const json = (value: unknown) => value as Prisma.InputJsonValue;
/** Ids are stable between fillings, so that a failing test names the same rows twice. */
const idOf = (text: string) => {
  const hex = createHash("sha256").update(text).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export async function fillRegistry(options: { workspace?: string } = {}): Promise<Fixture> {
  const name = options.workspace ?? "flights";
  const id = (text: string) => idOf(`${name}/${text}`);
  const db = prisma();
  const workspaceId = id("workspace");
  const by = { createdBy: BY, updatedBy: BY };
  const definition = { kind: "Workspace", name, title: "Flights of 2001", defaultSplit: "by_month" };
  await db.workspace.create({
    data: {
      id: workspaceId,
      name,
      title: definition.title,
      description: "Late departures of US flights, January to June 2001.",
      defaultSplit: "by_month",
      definition,
      digest: digest(definition),
      ...by,
    },
  });
  const people = await fillPeople(workspaceId);
  await fillDeclarations(workspaceId, id, by);

  // Columns → feature versions, run by run.
  const worlds = PIPELINES.map((pipeline, index) => ({ pipeline, number: index + 1, made: resolve(pipeline) }));
  const featureNames = allColumns();
  await db.feature.createMany({
    data: featureNames.map(({ column, type }) => {
      const declared = FEATURES.find((feature) => feature.name === column);
      const document = declared ?? { kind: "Feature", name: column, type };
      return {
        id: id(`feature/${column}`),
        workspaceId,
        name: column,
        entity: splitColumn(column)[0],
        type,
        description: declared?.description ?? "",
        owner: declared?.owner ?? "",
        tags: declared?.tags ?? [],
        sensitivity: declared?.sensitivity ?? "none",
        deprecated: declared?.deprecated ?? false,
        declared: declared !== undefined,
        definition: json(document),
        digest: digest(document),
        ...by,
      };
    }),
  });
  const versions: Record<string, string> = {};
  const versionOf = new Map<string, { id: string; version: number }>();
  const rows: Prisma.FeatureVersionCreateManyInput[] = [];
  const links = new Map<string, Prisma.FeatureVersionInputCreateManyInput>();
  for (const { made } of worlds)
    for (const maker of made.values()) {
      const key = `${maker.column}#${maker.signature}`;
      if (versionOf.has(key)) continue;
      const version = 1 + [...versionOf.keys()].filter((other) => other.startsWith(`${maker.column}#`)).length;
      const row = { id: id(`version/${key}`), version };
      versionOf.set(key, row);
      versions[`${maker.column}@${version}`] = row.id;
      rows.push({
        id: row.id,
        featureId: id(`feature/${maker.column}`),
        version,
        signature: maker.signature,
        stageVersionId: maker.stage ? id(`stage-version/${maker.stage.name}`) : null,
        source: maker.source,
        choice: maker.choice,
        createdBy: BY,
      });
      for (const { column, role } of maker.reads) {
        const input = made.get(column) as Maker;
        const inputVersionId = id(`version/${input.column}#${input.signature}`);
        const link = { readerId: row.id, inputVersionId, role };
        links.set(JSON.stringify(link), link);
      }
    }
  await db.featureVersion.createMany({ data: rows });
  await db.featureVersionInput.createMany({ data: [...links.values()] });
  const idIn = (made: Map<string, Maker>, column: string) => {
    const maker = made.get(column) as Maker;
    return (versionOf.get(`${column}#${maker.signature}`) as { id: string }).id;
  };

  const sourceVersions = await fillSourceVersions(workspaceId, id);
  const runs: Record<number, string> = {};
  const models: Record<string, string> = {};
  for (const world of worlds) {
    const { pipeline, number, made } = world;
    const runId = id(`run/${number}`);
    runs[number] = runId;
    const variantId = id(`variant/${pipeline.name}`);
    const makers = [...made.values()];
    const stages = [...new Set(makers.flatMap((maker) => (maker.stage ? [maker.stage.name] : [])))];
    const choice = Object.fromEntries(
      makers.flatMap((maker) => (maker.stage ? [[maker.column, maker.stage.name]] : [])),
    );
    await db.variant.create({
      data: {
        id: variantId,
        pipelineId: id(`pipeline/${pipeline.name}`),
        signature: digest(choice),
        stages,
        choice,
        createdBy: BY,
      },
    });
    const startedAt = new Date(Date.UTC(2026, 10, 10 + number, 8));
    const finishedAt = new Date(startedAt.getTime() + 38_000);
    const metrics = {
      validation: { auc: 0.642 - number / 100, logLoss: 0.512, rows: 497_131 },
      test: { auc: 0.661 - number / 50, logLoss: 0.498, rows: 502_228 },
    };
    await db.run.create({
      data: {
        id: runId,
        workspaceId,
        number,
        kind: "variant",
        title: `${pipeline.name} #${number}`,
        state: "succeeded",
        variantId,
        params: { pipeline: pipeline.name },
        progress: 1,
        message: "done",
        attempt: 1,
        startedAt,
        finishedAt,
        metrics,
        engine: "local",
        rows: 3_000_000n,
        createdBy: people.bram.id,
        stages: {
          create: stages.map((stage, position) => ({
            id: id(`run-stage/${number}/${stage}`),
            position,
            instance: stage,
            stage,
            state: "done",
            rows: 3_000_000n,
            seconds: 1.5 + position / 10,
          })),
        },
        inputs: { create: sourceVersions.map((datasetVersionId) => ({ datasetVersionId })) },
        logs: { create: { level: "info", message: `Planned ${stages.length} stages.` } },
      },
    });
    const outputs: Record<string, string> = {};
    for (const entity of ["airport", "flight"]) {
      outputs[entity] = id(`dataset/${entity}/${number}`);
      await db.datasetVersion.create({
        data: {
          id: outputs[entity] as string,
          workspaceId,
          dataset: `${entity}@${pipeline.name}`,
          version: 1,
          runId,
          files: [{ path: `outputs/${number}/${entity}.parquet`, sha256: digest(entity + number), bytes: 1_048_576 }],
          digest: digest([entity, number]),
          rows: entity === "airport" ? 55_000n : 3_000_000n,
          timeFrom: new Date("2001-01-01"),
          timeTo: new Date("2001-07-01"),
          createdBy: BY,
        },
      });
    }
    await db.featureValues.createMany({
      data: makers
        .filter((maker) => maker.stage)
        .map((maker) => ({
          featureVersionId: idIn(made, maker.column),
          runId,
          datasetVersionId: outputs[splitColumn(maker.column)[0]] as string,
          column: splitColumn(maker.column)[1],
        })),
    });
    for (const maker of makers)
      if (FEATURES.some((feature) => feature.name === maker.column))
        await movePointer(id, maker.column, "dev", idIn(made, maker.column), people.bram.id);
    const fits = new Map<string, string>();
    for (const name of stages) {
      const stage = STAGES.find((candidate) => candidate.name === name) as StageDefinition;
      if (!stage.estimator) continue;
      const fitId = id(`fit/${number}/${name}`);
      fits.set(name, fitId);
      const rowSet = fitRowsOf(stage);
      const signature = (made.get(stage.outputs[0]?.column as string) as Maker).signature;
      await db.fit.create({
        data: {
          id: fitId,
          workspaceId,
          stageVersionId: id(`stage-version/${name}`),
          runId,
          fingerprint: digest([signature, rowSet, number]),
          signature,
          class: stage.class as string,
          rowSet: json(rowSet),
          rows: stage.fit ? 3_000_000n : 1_983_901n,
          seconds: 4.2,
          model: json({ operator: stage.estimator, learned: {}, expressions: {}, summary: { iterations: 12 } }),
          createdBy: BY,
        },
      });
    }
    await fillUsages(workspaceId, runId, pipeline, made, idIn, people.bram.id, finishedAt);
    const input = leakageInputOf(pipeline, made);
    const modelName = pipeline.evaluate?.model as string;
    const modelVersionId = id(`model/${modelName}/1`);
    models[`${modelName}@1`] = modelVersionId;
    const last = (made.get("flight.late_probability") as Maker).stage as StageDefinition;
    await db.model.create({
      data: {
        id: id(`model/${modelName}`),
        workspaceId,
        name: modelName,
        createdBy: BY,
        versions: {
          create: {
            id: modelVersionId,
            version: 1,
            fitId: fits.get(last.name) as string,
            runId,
            variantId,
            leakageInput: json(input),
            metrics,
            createdBy: BY,
          },
        },
      },
    });
    await db.leakageVerdict.createMany({
      data: MODEL_READS.map((column) => {
        const one = { ...input, consumer: { ...input.consumer, features: [column] } };
        const verdict = judgeLeakage(one);
        return {
          modelVersionId,
          featureVersionId: idIn(made, column),
          verdict: verdict.verdict,
          severity: verdict.severity,
          reasons: verdict.reasons,
          warnings: verdict.warnings,
          perEstimator: json(verdict.perEstimator),
          explanation: explainVerdict(one, verdict),
        };
      }),
    });
    if (number === 1) {
      const view = VIEWS[0] as (typeof VIEWS)[number];
      await db.materialisation.create({
        data: {
          id: id("materialisation/1"),
          workspaceId,
          viewId: id(`view/${view.name}`),
          runId,
          datasetVersionId: outputs.airport as string,
          featureVersionIds: view.features.map((column) => idIn(made, column)),
          rows: 305n,
        },
      });
    }
    await fillProfiles(workspaceId, id, number, runId, outputs, made, idIn, sourceVersions[0] as string);
  }
  for (const column of ["airport.segment", "airport.departures_7d", "airport.delay_mean_7d", "flight.hour"])
    for (const environment of ["staging", "production"])
      if (!(environment === "production" && column === "flight.hour"))
        await movePointer(id, column, environment, versions[`${column}@1`] as string, people.chiara.id);

  const scope = {
    actor: { id: BY, name: "Fixture", kind: "system" as const, roles: [] },
    workspace: { id: workspaceId, name },
    requestId: null,
  };
  await db.$transaction((tx) =>
    recordEvents(tx, scope, [
      { action: "workspace.create", object: `workspace/${name}`, after: definition },
      ...[1, 2].map((number) => ({ action: "run.succeed", object: `run/${number}`, after: { number } })),
    ]),
  );
  return {
    workspace: { id: workspaceId, name },
    people,
    stranger: { id: "user:stranger", name: "Stranger", kind: "user", bindings: [], requestId: null },
    features: Object.fromEntries(featureNames.map(({ column }) => [column, id(`feature/${column}`)])),
    versions,
    runs,
    models,
  };
}

/** The five people, with their role bound in the workspace. They are created once, however many workspaces are filled. */
async function fillPeople(workspaceId: string): Promise<Record<Person, Principal>> {
  const principals = {} as Record<Person, Principal>;
  for (const [key, { name, role }] of Object.entries(PEOPLE) as [Person, { name: string; role: Role }][]) {
    const email = `${key}@flights.example`;
    const user = await prisma().user.upsert({ where: { email }, create: { email, name, demo: true }, update: {} });
    await prisma().roleBinding.create({ data: { userId: user.id, workspaceId, role, createdBy: BY } });
    principals[key] = { id: user.id, name, kind: "user", bindings: [{ workspaceId, role }], requestId: null };
  }
  return principals;
}

async function fillDeclarations(
  workspaceId: string,
  id: (text: string) => string,
  by: { createdBy: string; updatedBy: string },
) {
  const db = prisma();
  const common = (kind: string, definition: { name: string; description?: string }) => ({
    id: id(`${kind}/${definition.name}`),
    workspaceId,
    name: definition.name,
    description: definition.description ?? "",
    definition: json(definition),
    digest: digest(definition),
    ...by,
  });
  const owned = (definition: { owner?: string; tags?: string[] }) => ({
    owner: definition.owner ?? "",
    tags: definition.tags ?? [],
  });
  await db.entity.createMany({ data: ENTITIES.map((entity) => common("entity", entity)) });
  await db.source.createMany({
    data: SOURCES.map((source) => ({
      ...common("source", source),
      ...owned(source),
      entity: source.entity,
      format: source.format,
      location: source.location,
    })),
  });
  await db.splitPolicy.createMany({ data: SPLITS.map((split) => ({ ...common("split", split), type: split.type })) });
  await db.featureView.createMany({
    data: VIEWS.map((view) => ({
      ...common("view", view),
      ...owned(view),
      entity: view.entity,
      features: view.features,
      ttlSeconds: view.ttlSeconds,
      online: view.online,
      schedule: view.schedule ?? null,
    })),
  });
  await db.featureService.create({
    data: { ...common("service", SERVICE), ...owned({ owner: SERVICE.owner }), features: SERVICE.features },
  });
  await db.pipeline.createMany({
    data: PIPELINES.map((pipeline) => ({
      ...common("pipeline", pipeline),
      ...owned(pipeline),
      outputs: pipeline.outputs,
    })),
  });
  for (const [position, stage] of STAGES.entries()) {
    const { definition, digest: stageDigest, ...row } = common("stage", stage);
    await db.stage.create({
      data: {
        ...row,
        ...owned(stage),
        entity: stage.entity,
        position,
        version: 1,
        versions: {
          create: {
            id: id(`stage-version/${stage.name}`),
            version: 1,
            kind: stage.estimator ? "estimator" : "transformer",
            operator: stage.estimator ?? (stage.transformer as string),
            class: stage.class ?? null,
            cost: stage.cost ?? 1,
            definition,
            digest: stageDigest,
            createdBy: BY,
            columns: {
              create: [
                ...stage.inputs.map((column, at) => ({ workspaceId, column, role: "input", position: at })),
                ...(stage.fitInputs ?? []).map((column, at) => ({
                  workspaceId,
                  column,
                  role: "fitInput",
                  position: at,
                })),
                ...stage.outputs.map(({ column, type }, at) => ({
                  workspaceId,
                  column,
                  type,
                  role: "output",
                  position: at,
                })),
              ],
            },
          },
        },
      },
    });
  }
}

async function fillSourceVersions(workspaceId: string, id: (text: string) => string): Promise<string[]> {
  const rows = SOURCES.map((source) => ({
    id: id(`dataset/${source.name}`),
    workspaceId,
    dataset: source.name,
    version: 1,
    sourceId: id(`source/${source.name}`),
    files: [{ path: source.location, sha256: digest(source.location), bytes: 13_493_022 }],
    digest: digest(source.location),
    rows: source.timeColumn ? 3_000_000n : 3_376n,
    timeFrom: source.timeColumn ? new Date("2001-01-01") : null,
    timeTo: source.timeColumn ? new Date("2001-07-01") : null,
    createdBy: BY,
  }));
  await prisma().datasetVersion.createMany({ data: rows });
  return rows.map((row) => row.id);
}

async function movePointer(
  id: (text: string) => string,
  column: string,
  environment: string,
  versionId: string,
  by: string,
) {
  const featureId = id(`feature/${column}`);
  await prisma().pointer.upsert({
    where: { featureId_environment: { featureId, environment } },
    create: { featureId, environment, versionId, updatedBy: by },
    update: { versionId, updatedBy: by },
  });
}

/** How a pipeline makes a column: the stage instance, or the source it is read from. */
interface Maker {
  column: string;
  stage: StageDefinition | null;
  source: string | null;
  signature: string;
  choice: Record<string, string>;
  reads: { column: string; role: "input" | "fitInput" }[];
}

/** Every column that a pipeline needs, inputs before readers, plus the source columns. */
function resolve(pipeline: PipelineDefinition): Map<string, Maker> {
  const made = new Map<string, Maker>();
  const visit = (column: string): Maker => {
    const known = made.get(column);
    if (known) return known;
    const source = SOURCES.find((candidate) =>
      candidate.columns.some(({ name }) => `${candidate.entity}.${name}` === column),
    );
    if (source) {
      const maker = {
        column,
        stage: null,
        source: source.name,
        signature: `source:${source.name}`,
        choice: {},
        reads: [],
      };
      made.set(column, maker);
      return maker;
    }
    const writers = STAGES.filter((stage) => stage.outputs.some((output) => output.column === column));
    const stage = (writers.find((writer) => writer.name === pipeline.pins?.[column]) ?? writers[0]) as StageDefinition;
    const reads = [
      ...stage.inputs.map((input) => ({ column: input, role: "input" as const })),
      ...(stage.fitInputs ?? []).map((input) => ({ column: input, role: "fitInput" as const })),
    ];
    const inputs = reads.map((read) => visit(read.column));
    const signature = digest([stage.name, 1, inputs.map((input) => input.signature)]);
    const choice = Object.assign({}, ...inputs.map((input) => input.choice)) as Record<string, string>;
    for (const output of stage.outputs) choice[output.column] = stage.name;
    for (const output of stage.outputs)
      made.set(output.column, { column: output.column, stage, source: null, signature, choice, reads });
    return made.get(column) as Maker;
  };
  for (const source of SOURCES) for (const { name } of source.columns) visit(`${source.entity}.${name}`);
  for (const output of [...pipeline.outputs, "flight.distance_band"]) visit(output);
  return made;
}

function allColumns(): { column: string; type: string }[] {
  const columns = new Map<string, string>();
  for (const source of SOURCES)
    for (const { name, type } of source.columns) columns.set(`${source.entity}.${name}`, type);
  for (const stage of STAGES) for (const { column, type } of stage.outputs) columns.set(column, type);
  return [...columns].map(([column, type]) => ({ column, type }));
}

const fitRowsOf = (stage: StageDefinition): RowSet =>
  stage.fit && "rows" in stage.fit
    ? [{ dataset: "flights", version: "1" }]
    : [{ dataset: "flights", version: "1", split: { policy: "by_month", parts: ["train"] } }];

/** What the models read, as people name it: documented columns, not the assembled vector. */
const MODEL_READS = [
  "airport.segment",
  "flight.hour",
  "flight.is_weekend",
  "flight.distance",
  "flight.origin_delay_mean_7d",
  "flight.origin_late_share_7d",
];

function leakageInputOf(pipeline: PipelineDefinition, made: Map<string, Maker>): LeakageInput {
  const stages = [...new Set([...made.values()].flatMap((maker) => (maker.stage ? [maker.stage] : [])))];
  const split = SPLITS[0] as (typeof SPLITS)[number];
  const part = (parts: string[]): RowSet => [
    { dataset: "flights", version: "1", split: { policy: "by_month", parts } },
  ];
  const estimators: EstimatorFit[] = stages
    .filter((stage) => stage.estimator && !stage.fitInputs)
    .map((stage) => ({
      id: stage.name,
      class: stage.class as EstimatorFit["class"],
      inputs: stage.inputs,
      fitInputs: stage.fitInputs ?? [],
      outputs: stage.outputs.map((output) => output.column),
      fit: fitRowsOf(stage),
    }));
  return {
    datasets: {
      flights: {
        columns: ["id", "date", "delay", "distance", "origin"],
        rowKey: ["id"],
        timeColumn: "date",
        appendOnly: true,
        versions: { "1": { time: ["2001-01-01T00:00:00Z", "2001-07-01T00:00:00Z"] } },
      },
    },
    policies: {
      by_month:
        split.type === "time" ? { type: "time", column: split.column, parts: split.parts } : (undefined as never),
    },
    estimators,
    transformers: stages
      .filter((stage) => !stage.estimator && stage.name !== "flight_label")
      // The label's own column is an input of nothing that a model reads as a feature.
      .map((stage) => ({
        id: stage.name,
        inputs: stage.inputs,
        outputs: stage.outputs.map((output) => output.column),
      })),
    consumer: {
      name: pipeline.evaluate?.model,
      features: MODEL_READS,
      label: "flight.is_late",
      unit: ["id", "date"],
      temporal: false,
      train: part(["train"]),
      test: part(["test"]),
    },
    measurements: [],
  };
}

async function fillUsages(
  workspaceId: string,
  runId: string,
  pipeline: PipelineDefinition,
  made: Map<string, Maker>,
  idIn: (made: Map<string, Maker>, column: string) => string,
  actor: string,
  at: Date,
) {
  const model = pipeline.evaluate?.model as string;
  const roles = [
    { role: "train", mode: "fitted", rows: 1_983_901n },
    { role: "validation", mode: "applied", rows: 497_131n },
    { role: "test", mode: "applied", rows: 502_228n },
  ];
  const segments = STAGES.find((stage) => stage.name === pipeline.pins?.["airport.segment"]) as StageDefinition;
  await prisma().usage.createMany({
    data: [
      ...MODEL_READS.flatMap((column) =>
        roles.map(({ role, mode, rows }) => ({
          workspaceId,
          featureVersionId: idIn(made, column),
          runId,
          consumer: model,
          role,
          mode,
          rowSet: [{ dataset: "flights", version: "1", split: { policy: "by_month", parts: [role] } }],
          rows,
          at,
          actor,
        })),
      ),
      ...segments.inputs.map((column) => ({
        workspaceId,
        featureVersionId: idIn(made, column),
        runId,
        consumer: segments.name,
        role: "train",
        mode: "fitted",
        rowSet: json(fitRowsOf(segments)),
        rows: 55_000n,
        at,
        actor,
      })),
    ],
  });
}

/** Profiles by part and by month of every described column, and each month's drift from January. */
async function fillProfiles(
  workspaceId: string,
  id: (text: string) => string,
  number: number,
  runId: string,
  outputs: Record<string, string>,
  made: Map<string, Maker>,
  idIn: (made: Map<string, Maker>, column: string) => string,
  flights: string,
) {
  const profiles: Prisma.ProfileCreateManyInput[] = [];
  const results: Prisma.DriftResultCreateManyInput[] = [];
  for (const [column, distributions] of Object.entries(DISTRIBUTIONS)) {
    const maker = made.get(column);
    const distribution = distributions[Math.min(number, distributions.length) - 1];
    // A version that both runs made was profiled by the first.
    if (!maker || !distribution || (number > 1 && distributions.length === 1)) continue;
    const featureVersionId = idIn(made, column);
    const datasetVersionId = maker.stage ? (outputs[splitColumn(column)[0]] as string) : flights;
    const add = (part: string, months: readonly number[], window: readonly [string, string] | null) => {
      const row = {
        id: id(`profile/${number}/${column}/${part}/${window?.[0] ?? ""}`),
        workspaceId,
        column,
        featureVersionId,
        datasetVersionId,
        runId,
        part,
        windowFrom: window && new Date(window[0]),
        windowTo: window && new Date(window[1]),
        ...profileOf(distribution, months),
      };
      profiles.push({
        ...row,
        stats: json(row.stats),
        histogram: json(row.histogram),
        equalWidth: row.equalWidth === null ? undefined : json(row.equalWidth),
      });
      return row;
    };
    add("all", [0, 1, 2, 3, 4, 5], null);
    add("train", [0, 1, 2, 3], null);
    add("validation", [4], null);
    add("test", [5], null);
    const months = MONTHS.map((window, month) => add("all", [month], window));
    for (const [month, current] of months.entries())
      if (month > 0)
        results.push({
          featureVersionId,
          referenceId: (months[0] as { id: string }).id,
          currentId: current.id,
          ...driftOf(distribution, month),
        });
  }
  await prisma().profile.createMany({ data: profiles });
  await prisma().driftResult.createMany({ data: results });
}
