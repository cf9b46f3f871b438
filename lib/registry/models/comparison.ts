import { type ComparedVersion, type ModelComparison, MOST_COMPARED } from "@/lib/contracts/model-comparison";
import type { ModelEvaluation } from "@/lib/contracts/models";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { didYouMean } from "@/lib/domain/names/nearest-name";
import { resolveParams } from "@/lib/domain/operators/operator-table";
import type { Principal } from "@/lib/domain/principal";
import { actorNames } from "../actor-names";
import { loadPolicies } from "../catalogue/split-policies";
import { openScopeFor } from "../scope";
import { anyParamsOf, definitionOf, leakageInputOf } from "../stored-json";
import { getModelEvaluation } from "./evaluation";
import { toVersion, VERSION } from "./models";
import { testUses } from "./test-use";
import { visibleEvaluations } from "./visible-evaluations";

interface NamedVersion {
  name: string;
  version: number;
}

/** Versions side by side. Throws `invalid` for a text that names none, or too few or many, and `not_found` naming the one that there is not. */
export async function compareModelVersions(
  principal: Principal,
  workspace: string,
  model: string,
  text: string,
): Promise<ModelComparison> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const named = parseVersions(model, text);
  const rows = await prisma().modelVersion.findMany({
    where: {
      model: { workspaceId: scope.workspace.id },
      OR: named.map(({ name, version }) => ({ version, model: { name } })),
    },
    include: {
      ...VERSION,
      model: { select: { name: true } },
      run: {
        select: {
          ...VERSION.run.select,
          params: true,
          inputs: { select: { datasetVersion: { select: { dataset: true, version: true } } } },
        },
      },
    },
  });
  const found = named.map((one) => rows.find((row) => row.version === one.version && row.model.name === one.name));
  const missing = named.filter((_, at) => found[at] === undefined);
  if (missing[0]) throw await noSuchVersion(scope.workspace, missing[0]);
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const policies = await loadPolicies(scope.workspace.id);
  const uses = await testUses(prisma(), scope.workspace.id, rows.map(({ testRows }) => testRows)); // prettier-ignore
  const params = await paramsOfRuns(rows.flatMap(({ run }) => (run ? [run] : [])));
  const [first] = named as [NamedVersion, ...NamedVersion[]];
  const { labelUnit } = await getModelEvaluation(principal, workspace, first);
  const evaluations = await visibleEvaluations(
    scope,
    found.map((row) => ({
      label: row ? (leakageInputOf(row.leakageInput).consumer.label ?? null) : null,
      evaluation: (row?.evaluation ?? null) as ModelEvaluation | null,
    })),
  );
  return {
    labelUnit,
    versions: found.flatMap((row, at): ComparedVersion[] =>
      row
        ? [
            {
              ...toVersion(row, nameOf, policies, uses),
              model: row.model.name,
              params: params.get(row.run?.id ?? "") ?? {},
              datasets: Object.fromEntries(
                (row.run?.inputs ?? []).map(({ datasetVersion }) => [datasetVersion.dataset, datasetVersion.version]),
              ),
              evaluation: evaluations[at]?.evaluation ?? null,
            },
          ]
        : [],
    ),
  };
}

function parseVersions(model: string, text: string): NamedVersion[] {
  const wrong = (message: string, found: string) =>
    new DomainError("invalid", message, {
      issues: [{ path: ["versions"], message, expected: "versions such as 3,1 or 3,other_model@2", found }],
    });
  const named = text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one): NamedVersion => {
      const [, name, version] = /^(?:([^@\s]+)@)?(\d{1,9})$/.exec(one) ?? [];
      if (version === undefined)
        throw wrong(`\`${one}\` names no version: write its number, or other_model@2 for another model's.`, one);
      return { name: name ?? model, version: Number(version) };
    });
  const different = named.filter(
    (one, at) => named.findIndex((other) => other.name === one.name && other.version === one.version) === at,
  );
  if (different.length < 2 || different.length > MOST_COMPARED)
    throw wrong(`Two to ${MOST_COMPARED} different versions can be compared, not ${different.length}.`, text);
  return different;
}

async function noSuchVersion(workspace: { id: string; name: string }, { name, version }: NamedVersion) {
  const models = await prisma().model.findMany({
    where: { workspaceId: workspace.id },
    select: { name: true, versions: { select: { version: true }, orderBy: { version: "desc" }, take: 1 } },
  });
  const known = models.find((one) => one.name === name);
  const newest = known?.versions[0]?.version;
  return new DomainError(
    "not_found",
    known
      ? `Model ${name} has no version ${version}: ${newest === undefined ? "it has none yet" : `its newest is ${newest}`}.`
      : `There is no model ${name} in ${workspace.name}.${didYouMean(
          name,
          models.map((one) => one.name),
        )}`,
  );
}

/** Run → stage → parameter → value, by the stage versions that the run had. */
async function paramsOfRuns(
  runs: readonly { id: string; params: Parameters<typeof anyParamsOf>[0]["params"] }[],
): Promise<Map<string, ComparedVersion["params"]>> {
  const idsOf = new Map(runs.map((run) => [run.id, Object.values(anyParamsOf(run).stageVersions ?? {})]));
  const rows = await prisma().stageVersion.findMany({
    where: { id: { in: [...idsOf.values()].flat() } },
    select: { id: true, definition: true },
  });
  const stages = new Map(rows.map((row) => [row.id, definitionOf("Stage", row)]));
  return new Map(
    [...idsOf].map(([run, ids]) => [
      run,
      Object.fromEntries(
        ids.flatMap((id) => {
          const stage = stages.get(id);
          return stage ? [[stage.name, resolveParams(stage)] as const] : [];
        }),
      ),
    ]),
  );
}
