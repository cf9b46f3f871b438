import type { SampleField } from "@/lib/contracts/dive";
import { prisma } from "@/lib/db/client";
import type { Run } from "@/lib/db/generated/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import type { Sensitivity } from "@/lib/domain/definitions/feature";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import type { SplitPolicyDefinition } from "@/lib/domain/definitions/split-policy";
import { splitColumnOf } from "@/lib/domain/definitions/split-rule";
import { DomainError } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { columnsOfFiles, type RowColumn, WITH_COLUMNS } from "./columns";
import { definitionsOfRun } from "../definitions/pins";
import { unitOf } from "../features/unit";
import { filesOf, type JoinedFiles, joinedFiles, type RowFiles } from "./joined-files";
import { isWithheld } from "../access/personal-values";
import { openScopeFor, type Scope } from "../scope";
import { anyParamsOf, definitionOf } from "../stored-json";

/** A part of a run's rows: which ones a split policy gives it. `split` null is all rows. */
interface DatasetPart {
  name: string;
  split: { policy: SplitPolicyDefinition; parts: string[] } | null;
}

/** What is needed to look at rows of a dataset version. */
export interface DatasetToSample extends RowFiles {
  entity: string;
  /** The newest versions, newest first. */
  versions: number[];
  quarantined: boolean;
  /** Monitors that hold it back. */
  heldBy: string[];
  /** How the files are read; null for a run's output. */
  source: SourceDefinition | null;
  /** Files with further columns of the same rows. */
  joined: JoinedFiles[];
  fields: SampleField[];
  /** Column with the event time; null when rows have none. */
  timeColumn: string | null;
  keys: string[];
  /** In the order in which a row is given to them. */
  parts: DatasetPart[];
}

const MOST_VERSIONS = 100;
const RUNS_LOOKED_AT = 20;
/** A row that several roles have is called by the one that says most: what is judged on it comes before what is learned. */
const ROLES = ["test", "validation", "train"] as const;

/**
 * A version of a dataset, the newest without a number, with its columns and parts. One in quarantine can be looked at: that is how
 * one finds out why. Throws `not_found` for a dataset or version that is not there.
 */
export async function findDatasetToSample(
  principal: Principal,
  { workspace, name, version }: { workspace: string; name: string; version?: number | undefined },
): Promise<DatasetToSample> {
  const scope = await openScopeFor(principal, workspace, "feature:read");
  const workspaceId = scope.workspace.id;
  const found = await prisma().datasetVersion.findMany({
    where: { workspaceId, dataset: name },
    orderBy: { version: "desc" },
    select: { version: true },
  });
  const number = version ?? found[0]?.version;
  if (number === undefined)
    throw new DomainError(
      "not_found",
      `There is no data of \`${name}\` in workspace ${workspace} yet. A source has data after its first run, an output after the run that writes it.`,
    );
  const row = await prisma().datasetVersion.findUnique({
    where: { workspaceId_dataset_version: { workspaceId, dataset: name, version: number } },
    include: WITH_COLUMNS,
  });
  if (!row)
    throw new DomainError("not_found", `There is no version ${number} of \`${name}\`; it has ${found.length}.`, {
      expected: found.map((one) => one.version).join(", "),
      found: String(number),
    });
  const source = row.source ? definitionOf("Source", row.source) : null;
  const entityName = source?.entity ?? name.slice(0, name.indexOf("@"));
  const entity = await prisma().entity.findUnique({
    where: { workspaceId_name: { workspaceId, name: entityName } },
    select: { definition: true },
  });
  const definition = entity && definitionOf("Entity", entity);
  const own = await columnsOfFiles(row, definition);
  const joined = await joinedFiles(row, definition, own);
  const fields = await describe(scope, entityName, [...own, ...joined.flatMap(({ columns }) => columns)]);
  const timeColumn = own.find(({ role }) => role === "time")?.name ?? null;
  const keys = own.filter(({ role }) => role === "key").map((one) => one.name);
  const columns = new Set(own.map((one) => one.name));
  return {
    ...filesOf(row),
    entity: entityName,
    versions: found.slice(0, MOST_VERSIONS).map((one) => one.version),
    quarantined: row.quarantinedAt !== null,
    heldBy: row.heldBy,
    source,
    joined,
    fields,
    timeColumn,
    keys,
    parts: await partsOf(row.run ?? (await lastJudgingRun(row.id)), timeColumn, columns),
  };
}

async function describe(scope: Scope, entity: string, columns: readonly RowColumn[]): Promise<SampleField[]> {
  const rows = await prisma().feature.findMany({
    where: { workspaceId: scope.workspace.id, entity, name: { in: columns.map((one) => one.column) } },
    select: { name: true, description: true, sensitivity: true, definition: true },
  });
  const features = new Map(rows.map((feature) => [feature.name, feature]));
  return columns.map((one) => {
    const feature = features.get(one.column);
    const sensitivity = (feature?.sensitivity ?? "none") as Sensitivity;
    return {
      ...one,
      description: feature?.description || one.description,
      unit: unitOf(feature?.definition),
      sensitivity,
      withheld: isWithheld(scope, sensitivity),
    };
  });
}

/** The newest run that read a source's version and told its rows apart by a split: its profiles have those parts too. */
async function lastJudgingRun(datasetVersionId: string): Promise<Run | null> {
  const inputs = await prisma().runInput.findMany({
    where: { datasetVersionId, run: { state: "succeeded", kind: { in: ["variant", "fit"] } } },
    orderBy: { run: { number: "desc" } },
    take: RUNS_LOOKED_AT,
    include: { run: true },
  });
  const judges = ({ params }: Run) => anyParamsOf({ params }).definition?.evaluate !== undefined;
  return inputs.map((input) => input.run).find(judges) ?? null;
}

/** What the run's rows were for, as its pipeline was declared then; a predict run's are all for serving. */
async function partsOf(
  run: Run | null,
  timeColumn: string | null,
  columns: ReadonlySet<string>,
): Promise<DatasetPart[]> {
  if (run === null) return [];
  if (run.kind === "predict") return [{ name: "serving", split: null }];
  const { definition } = anyParamsOf(run);
  const evaluate = definition?.evaluate;
  if (!definition || !evaluate) return [];
  const { fit } = definition;
  const fitted = fit && "split" in fit ? fit : null;
  const policies = await definitionsOfRun(run, "SplitPolicy");
  const roles = {
    test: { split: evaluate.split, parts: evaluate.test },
    validation: evaluate.validation && { split: evaluate.split, parts: evaluate.validation },
    train: fitted ?? "all",
  } as const;
  return ROLES.flatMap((name): DatasetPart[] => {
    const rows = roles[name];
    if (rows === undefined) return [];
    if (rows === "all") return [{ name, split: null }];
    const policy = policies.get(rows.split);
    const column = policy && splitColumnOf(policy);
    const applies = policy && (policy.type === "time" ? timeColumn !== null : columns.has(column ?? ""));
    return applies ? [{ name, split: { policy, parts: rows.parts } }] : [];
  });
}

/** Name of a column in the dataset, which may be given as `entity.column`. */
export function bareName({ entity }: Pick<DatasetToSample, "entity">, name: string): string {
  return name.startsWith(`${entity}.`) ? splitColumn(name)[1] : name;
}
