import { parseSpecs } from "@/lib/contracts/spec-documents";
import { prisma } from "@/lib/db/client";
import type { Definition, DefinitionKind } from "@/lib/domain/definitions/definition";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import type { PipelineDefinition } from "@/lib/domain/definitions/pipeline";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import type { StageDefinition } from "@/lib/domain/definitions/stage";
import { definitionKey } from "@/lib/domain/plans/variant-world";
import type { Principal } from "@/lib/domain/principal";
import { parseStages } from "@/lib/sql/parse-stages";
import { checkSpecs } from "@/lib/domain/specs/check";
import { type SpecDifference, specDifference } from "@/lib/domain/specs/difference";
import { locateInRegistry } from "@/lib/domain/specs/placed-definition";
import { SpecIndex } from "@/lib/domain/specs/spec-index";
import { behaviourOf } from "@/lib/domain/specs/stage-behaviour";
import { loadCatalogue, loadStages } from "../catalogue/catalogue";
import { loadCurrent, refsOf } from "../definitions/current";
import { digestOf } from "../record-event";
import { assertBound, type BindStatements } from "../catalogue/assert-bound";
import { assertNoIssues } from "../catalogue/assert-no-issues";
import { definitionsOf } from "../catalogue/definitions";
import { findSpecWorkspace } from "../catalogue/workspace-documents";

interface Draft {
  kind: DefinitionKind;
  name: string;
  action: Exclude<SpecDifference["action"], "retire">;
}

/** What a plan reads of a workspace, with documents laid over it that nobody has registered. */
export interface PlanCatalogue {
  entities: EntityDefinition[];
  sources: SourceDefinition[];
  /** In declaration order, new ones last. */
  stages: (StageDefinition & { digest: string })[];
  splits: SplitPolicyDefinition[];
  pipelines: PipelineDefinition[];
  /** `definitionKey` → number of the version that a definition is, or would be. */
  versions: Map<string, { version: number }>;
  drafts: Draft[];
}

export async function loadPlanCatalogue(workspaceId: string): Promise<PlanCatalogue> {
  const [stages, declared] = await Promise.all([
    loadStages(workspaceId),
    loadCurrent(workspaceId, ["Entity", "Source", "SplitPolicy", "Pipeline"]),
  ]);
  return { ...byKind(declared.map(({ definition }) => definition)), stages, versions: refsOf(declared), drafts: [] };
}

/**
 * The workspace as it would be with the documents applied. Nothing is written. Throws `invalid` with every issue of every
 * document, by line and path, as planning the documents does, and `too_many` when the workspace keeps the engine busy.
 */
export async function loadDraftCatalogue(
  principal: Principal,
  workspace: { id: string; name: string },
  specs: string,
  bind?: BindStatements,
): Promise<PlanCatalogue> {
  const parsed = parseSpecs(specs);
  const { issues } = await findSpecWorkspace(principal, workspace.name, parsed, "spec:plan");
  const catalogue = await loadCatalogue(workspace.id);
  const present = definitionsOf(catalogue);
  const given = new Map(
    parsed.definitions.map(({ definition }) => [`${definition.kind} ${definition.name}`, definition] as const),
  );
  const kept = present.filter(({ kind, name }) => !given.has(`${kind} ${name}`));
  const placed = [
    ...parsed.definitions,
    ...kept.map((definition) => ({
      definition,
      locate: locateInRegistry(definition.kind, definition.name),
      given: false,
    })),
  ];
  const { errors } = checkSpecs(placed, parsed.unreadable, await parseStages(parsed.definitions));
  assertNoIssues([...parsed.issues, ...issues, ...errors]);
  const { differences } = specDifference(present, [...given.values()], false);
  // What is planned here would run: a statement that cannot is refused, as planning the documents does.
  if (bind)
    await assertBound(bind, workspace.name, parsed.definitions, differences, new SpecIndex(placed, parsed.unreadable));
  const created = differences.flatMap(({ action, after }) => (action === "create" && after ? [after] : []));
  const all = [...present.map((one) => given.get(`${one.kind} ${one.name}`) ?? one), ...created];
  const replaced = new Set(differences.map(({ kind, name }) => `${kind} ${name}`));
  const digests = new Map(
    catalogue.stages
      .filter(({ kind, name }) => !replaced.has(`${kind} ${name}`))
      .map((stage) => [stage.name, stage.digest]),
  );
  return {
    ...byKind(all),
    stages: ofKind(all, "Stage").map((stage) => ({
      ...stage,
      digest: digests.get(stage.name) ?? digestOf(behaviourOf(stage)),
    })),
    versions: new Map([
      ...catalogue.versions,
      ...differences.map(({ kind, name }): [string, { version: number }] => {
        const key = definitionKey(kind, name);
        return [key, { version: (catalogue.versions.get(key)?.version ?? 0) + 1 }];
      }),
    ]),
    drafts: differences.flatMap(({ kind, name, action }) => (action === "retire" ? [] : [{ kind, name, action }])),
  };
}

function byKind(
  definitions: readonly Definition[],
): Pick<PlanCatalogue, "entities" | "sources" | "splits" | "pipelines"> {
  return {
    entities: ofKind(definitions, "Entity"),
    sources: ofKind(definitions, "Source"),
    splits: ofKind(definitions, "SplitPolicy"),
    pipelines: ofKind(definitions, "Pipeline"),
  };
}

/** Which of the columns somebody documented as features, in the registry or in a draft. */
export async function declaredAmong(
  workspaceId: string,
  { drafts }: PlanCatalogue,
  columns: readonly string[],
): Promise<Set<string>> {
  const rows = await prisma().feature.findMany({
    where: { workspaceId, retiredAt: null, declared: true, name: { in: [...columns] } },
    select: { name: true },
  });
  const drafted = drafts.filter(({ kind }) => kind === "Feature");
  return new Set([...rows, ...drafted].map(({ name }) => name));
}

function ofKind<Kind extends DefinitionKind>(
  definitions: readonly Definition[],
  kind: Kind,
): Extract<Definition, { kind: Kind }>[] {
  return definitions.filter((one): one is Extract<Definition, { kind: Kind }> => one.kind === kind);
}
