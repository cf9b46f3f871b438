/** For tests: a workspace of small files, applied from YAML, with a worker on the real engine and the real online store. */
import path from "node:path";
import { closeDatabase, prisma } from "@/lib/db/client";
import { ENVIRONMENTS, type Environment } from "@/lib/domain/environments";
import { SYSTEM } from "@/lib/domain/principal";
import type { Engine } from "@/lib/engines/engine";
import { openSmallWorld, type SmallWorld } from "@/lib/engines/local/small-world.test-support";
import { startWorker, type Worker } from "@/lib/jobs/worker";
import { LmdbStore } from "@/lib/online/lmdb-store";
import { startRun } from "@/lib/registry/runs/start";
import { loadServingStates, type ServingState } from "@/lib/registry/serving/state";
import { applySpecs } from "@/lib/registry/specs/specs";
import { getOnlineFeatures } from "@/lib/serving/get-online-features";
import { setEnvironment } from "./channel-fixture";
import { openTestDatabase } from "./open-test-database";

export interface OnlineWorkspace extends SmallWorld {
  /** Applies documents; `{folder}` in the text is the folder that `write` writes to. */
  apply(yaml: string): Promise<void>;
  /** Runs a pipeline to its end and answers the run with its log. */
  runPipeline(pipeline: string): Promise<EndedRun>;
  /** The run when it has ended. */
  ended(runId: string): Promise<EndedRun>;
  /** Waits until nothing is queued, so that what follows a run is done too. */
  idle(): Promise<void>;
  /** Points an environment at a version of a feature. */
  promote(feature: string, environment: Environment, version?: number): Promise<void>;
  /** Feature → values and statuses in the order of the keys. */
  online(
    features: string[],
    entities: Record<string, (string | number)[]>,
    environment?: Environment,
  ): Promise<Record<string, { values: unknown[]; statuses: string[] }>>;
  store: LmdbStore;
  close(): Promise<void>;
}

type EndedRun = Awaited<ReturnType<typeof readRun>>;

const readRun = (id: string) =>
  prisma().run.findUniqueOrThrow({
    where: { id },
    include: { logs: { orderBy: { id: "asc" } }, outputs: true, stages: true, materialisations: true, values: true },
  });

/**
 * @param options.now the worker's clock
 * @param options.withOthers the local engine with others beside it, of a data folder
 */
export async function openOnlineWorkspace(
  name: string,
  { withOthers, ...options }: { now?: () => Date; withOthers?: (local: Engine, data: string) => Engine } = {},
): Promise<OnlineWorkspace> {
  const opened = await openSmallWorld();
  const world = { ...opened, engine: withOthers?.(opened.engine, opened.folder) ?? opened.engine };
  setEnvironment({ TRIBUTARY_DATA: world.folder });
  await openTestDatabase();
  const store = LmdbStore.open(path.join(world.folder, "online"));
  const worker: Worker = await startWorker({ engine: world.engine, store, ...options });
  const stateOf = async () => (await loadServingStates()).get(name) as ServingState;
  const ended = async (id: string) => {
    for (;;) {
      const run = await readRun(id);
      if (["succeeded", "failed", "canceled"].includes(run.state)) return run;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const idle = async () => {
    for (let quiet = 0; quiet < 3;) {
      const [{ waiting }] = (await prisma().$queryRaw`
        SELECT (SELECT count(*) FROM pgboss.job WHERE state IN ('created', 'active'))
          + (SELECT count(*) FROM "Run" WHERE "state" IN ('queued', 'running')) AS waiting`) as [{ waiting: bigint }];
      quiet = waiting === 0n ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    ...world,
    store,
    ended,
    idle,
    apply: async (yaml) => {
      await applySpecs(SYSTEM, {
        workspace: name,
        documents: [{ file: `${name}.yaml`, text: yaml.replaceAll("{folder}", world.folder) }],
      });
    },
    runPipeline: async (pipeline) => {
      const id = await startRun(SYSTEM, { workspace: name, pipeline }, world.engine);
      await idle();
      return ended(id);
    },
    promote: async (feature, environment, version) => {
      const row = await prisma().featureVersion.findFirstOrThrow({
        where: { feature: { name: feature, workspace: { name } }, ...(version !== undefined && { version }) },
        orderBy: { version: "desc" },
      });
      const { featureId, id: versionId } = row;
      await prisma().pointer.upsert({
        where: { featureId_environment: { featureId, environment } },
        create: { featureId, environment, versionId, updatedBy: SYSTEM.id },
        update: { versionId },
      });
    },
    online: async (features, entities, environment = ENVIRONMENTS[0]) => {
      const request = { features, entities, full_feature_names: false };
      const answer = await getOnlineFeatures(await stateOf(), store, request, {
        environment,
        ignoreMaxAge: false,
        now: new Date(),
      });
      const { metadata, results } = JSON.parse(answer.body) as {
        metadata: { feature_names: string[] };
        results: { values: unknown[]; statuses: string[] }[];
      };
      return Object.fromEntries(
        metadata.feature_names.map((feature, at) => {
          const { values, statuses } = results[at] as (typeof results)[number];
          return [feature, { values, statuses }];
        }),
      );
    },
    close: async () => {
      await worker.stop();
      await store.close();
      await closeDatabase();
      await world.close();
    },
  };
}
