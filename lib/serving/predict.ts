/** Predictions of one version of a model for the rows of one request. */
import type { PredictRequest, PredictResponse } from "@/lib/contracts/serving-predictions";
import { MOST_PREDICTED } from "@/lib/contracts/serving-predictions";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { didYouMean } from "@/lib/domain/names/nearest-name";
import { assertCan } from "@/lib/domain/permissions";
import { actorIn, type Principal } from "@/lib/domain/principal";
import type { ChainColumn } from "@/lib/domain/plans/scoring-chain";
import { engine as ownEngine } from "@/lib/engines/current-engine";
import type { ComputeEngine } from "@/lib/engines/engine";
import type { OnlineStore } from "@/lib/online/online-store";
import { onlineStore } from "@/lib/online/open-online-store";
import type { ModelNames, ServingState } from "@/lib/registry/serving/state";
import { encodeTaken, takeValue, typeInWords } from "./given-values";
import { byColumn, KeptReader, type ReadColumn } from "./kept-columns";
import { logScored, predictionLog } from "./prediction-log";
import { toPredictedRows } from "./predicted-rows";
import { type PreparedScoring, prepareScoring, servedModel } from "./served-models";
import { servingStates } from "./serving-states";

/** What a request is answered with; those of the process where they are left out. */
export interface PredictTools {
  engine?: Pick<ComputeEngine, "scoreRows">;
  store?: OnlineStore;
}

/** Issues of a request that a person reads. */
const MOST_ISSUES = 100;

/**
 * Predicts the rows of one request with one version, whatever moves meanwhile. Throws `not_found` for a model, alias or version that
 * is not there, `invalid` naming rows and columns that do not fit, `forbidden` as reading online does, and `conflict` for a version
 * that nothing here can score with.
 */
export async function predict(
  principal: Principal,
  request: PredictRequest,
  tools: PredictTools = {},
): Promise<PredictResponse> {
  const environment = request.environment ?? principal.environment ?? "production";
  const state = await stateFor(principal, request);
  assertCan(actorIn(principal, state.workspaceId), "features:serve", environment);
  const { version, versionId, alias } = versionOf(state, request);
  const given = givenColumns(request);
  const model = await servedModel(state, versionId);
  const { entity } = model;
  const scoring = prepareScoring(model, state, environment, [...given.columns.keys()], given.kind === "entities");
  checkNames(given, scoring, entity, model.model);
  const columns = await readColumns(given, scoring, entity, tools.store);
  const rows = given.rows === 0 ? { outputs: [], findings: [] } : await (tools.engine ?? ownEngine()).scoreRows({
    key: scoring.key,
    plan: scoring.plan,
    values: columns.map(({ values }) => `[${values.join(",")}]`),
  }); // prettier-ignore
  if (!rows) throw new Error(`The engine has no plan under ${scoring.key}.`);
  const isLogged = alias === "production" && request.log !== false;
  if (isLogged) logScored(predictionLog, state.workspace, model, { given: given.columns, plan: scoring.plan, rows });
  return {
    workspace: state.workspace,
    model: model.model,
    version,
    alias,
    environment,
    warnings: scoring.warnings,
    predictions: toPredictedRows(model, scoring.plan, { columns, rows, count: given.rows }),
  };
}

/** The workspace that has the model among those that the caller sees. */
async function stateFor(principal: Principal, { workspace, model }: PredictRequest): Promise<ServingState> {
  const visible = [...(await servingStates.current()).values()].filter(
    (state) =>
      actorIn(principal, state.workspaceId).roles.length > 0 &&
      (workspace === undefined || state.workspace === workspace),
  );
  if (visible.length === 0)
    throw new DomainError(
      "not_found",
      workspace === undefined
        ? "You have a role in no workspace. Ask an administrator for one."
        : `There is no workspace ${workspace} that you can see.`,
    );
  const having = visible.filter((state) => state.models.has(model));
  const [found, ...others] = having;
  if (found && others.length === 0) return found;
  if (found)
    throw invalid(
      [{ path: ["workspace"], message: `several have the model: ${having.map((one) => one.workspace).join(", ")}` }],
      `Several of your workspaces have a model ${model}: name one in \`workspace\`.`,
    );
  const names = visible.flatMap((state) => [...state.models.keys()]).sort();
  throw new DomainError(
    "not_found",
    `There is no model \`${model}\` with a version.${didYouMean(model, names)} ${names.length === 0 ? "No model has one yet." : `Those that have one: ${names.slice(0, 20).join(", ")}${names.length > 20 ? ` and ${names.length - 20} more` : ""}.`}`,
    { model },
  );
}

interface Wanted {
  version: number;
  versionId: string;
  alias: PredictResponse["alias"];
}

function versionOf(state: ServingState, { model, alias: asked, version: number }: PredictRequest): Wanted {
  const { versions, aliases } = state.models.get(model) as ModelNames;
  if (asked !== undefined && number !== undefined)
    throw invalid(
      [{ path: ["version"], message: "alias and version say which version, and only one may" }],
      "Name an alias or a version, not both.",
    );
  const alias = number === undefined ? (asked ?? "production") : null;
  const version = number ?? (alias === null ? undefined : aliases[alias]);
  const versionId = version === undefined ? undefined : versions.get(version);
  if (version !== undefined && versionId !== undefined) return { version, versionId, alias };
  const named = Object.entries(aliases).map(([name, one]) => `${name} (version ${one})`);
  const numbers = [...versions.keys()].sort((one, other) => one - other);
  throw new DomainError(
    "not_found",
    `Model ${model} has no ${alias === null ? `version ${version}` : `version under alias ${alias}`}. It has version${numbers.length === 1 ? "" : "s"} ${numbers.slice(-20).join(", ")}${named.length > 0 ? ` and alias ${named.join(", ")}` : " and no alias"}.${alias === null ? "" : " Promote a version, or ask for one by number."}`,
    { model, ...(alias === null ? { version: number } : { alias }) },
  );
}

interface Given {
  kind: "entities" | "rows";
  /** Name → values, row by row. */
  columns: Map<string, unknown[]>;
  rows: number;
}

/** The rows of a request column by column. All of them give the same columns. */
function givenColumns({ entities, rows }: PredictRequest): Given {
  if ((entities === undefined) === (rows === undefined))
    throw invalid(
      [{ path: [entities === undefined ? "rows" : "entities"], message: "expected either entities or rows" }],
      "Give `entities` (columns by name) or `rows`, not both and not neither.",
    );
  if (rows !== undefined) {
    const names = Object.keys(rows[0] ?? {});
    const issues = rows.flatMap((row, at): Issue[] => [
      ...names.filter((name) => !Object.hasOwn(row, name)).map((name): Issue => ({ path: ["rows", at, name], message: "is missing; row 0 has it. Give null where there is no value", found: "nothing" })), // prettier-ignore
      ...Object.keys(row).filter((name) => !names.includes(name)).map((name): Issue => ({ path: ["rows", at, name], message: "is not in row 0; all rows give the same columns", found: name })), // prettier-ignore
    ]);
    if (issues.length > 0) throw invalid(issues);
    return { kind: "rows", columns: new Map(names.map((name) => [name, rows.map((row) => row[name])])), rows: rows.length }; // prettier-ignore
  }
  const columns = new Map(Object.entries(entities ?? {}));
  const [first] = columns.entries();
  const count = first?.[1].length ?? 0;
  const issues = [...columns]
    .filter(([, values]) => values.length !== count)
    .map(([name, values]): Issue => ({ path: ["entities", name], message: `has ${values.length} values, and ${first?.[0]} has ${count}; all lists must have one length` })); // prettier-ignore
  if (count > MOST_PREDICTED)
    issues.push({ path: ["entities", first?.[0] ?? ""], message: `has ${count} values; at most ${MOST_PREDICTED} rows are predicted at once` }); // prettier-ignore
  if (issues.length > 0) throw invalid(issues);
  return { kind: "entities", columns, rows: count };
}

/** Where a column of a request is, for an issue. */
const placeOf = ({ kind }: Given, name: string, row = 0): Issue["path"] =>
  kind === "rows" ? ["rows", row, name] : ["entities", name, row];

function checkNames(
  given: Given,
  { chain, relationColumns }: PreparedScoring,
  entity: EntityDefinition,
  model: string,
): void {
  // prettier-ignore
  const identity = [...entity.joinKeys.map(({ name }) => name), ...(entity.eventTime ? [entity.eventTime] : [])];
  const missing = chain.missing.map((column): Issue => ({
    path: given.kind === "rows" ? placeOf(given, column.name) : ["entities", column.name],
    message: `is missing: ${model} needs ${column.column}${column.relation ? ` by relation ${column.relation.name}` : ""}${given.kind === "rows" ? "" : ", and it is not online for the keys that are given"}`,
    expected: typeInWords(column.type),
    found: "nothing",
  })); // prettier-ignore
  // What would be needed is known only once nothing is missing.
  const known = new Set([
    ...chain.columns.map(({ name }) => name),
    ...identity,
    ...(given.kind === "entities" ? relationColumns : []),
  ]);
  const unknown =
    missing.length > 0
      ? []
      : [...given.columns.keys()]
          .filter((name) => !known.has(name))
          .map((name): Issue => ({
            path: given.kind === "rows" ? placeOf(given, name) : ["entities", name],
            message: `is nothing that ${model} reads here.${didYouMean(name, [...known])}`,
            expected: `one of ${[...known].join(", ")}`,
            found: name,
          })); // prettier-ignore
  if (missing.length + unknown.length > 0) throw invalid([...missing, ...unknown]);
}

/** The values of the chain's columns, in their order. */
async function readColumns(
  given: Given,
  { chain, kept }: PreparedScoring,
  entity: EntityDefinition,
  store: OnlineStore | undefined,
): Promise<(ReadColumn & { name: string })[]> {
  const issues: Issue[] = [];
  const taken = new Map<string, ReadColumn>();
  for (const column of chain.columns) if (column.from === "given") taken.set(column.name, takeColumn(given, column, issues)); // prettier-ignore
  const keys = new Map(
    entity.joinKeys.flatMap(({ name, type }) => {
      const values = given.columns.get(name);
      return values === undefined ? [] : [[name, checkKeys(given, name, values, type, issues)] as const];
    }),
  );
  if (issues.length > 0) throw invalid(issues);
  const reader = new KeptReader(() => store ?? onlineStore(), kept, new Date());
  const own = entity.joinKeys.map(({ name }) => keys.get(name) ?? []);
  const valuesBy = async (by: string): Promise<readonly unknown[]> =>
    given.columns.get(by) ?? (await reader.read(byColumn(entity, by), own)).values.map(keyOf);
  return Promise.all(
    chain.columns.map(async ({ name, column, relation, from }) => {
      const known = taken.get(name);
      if (from === "given" && known) return { name, ...known };
      return { name, ...(await reader.read(column, relation ? [await valuesBy(relation.by)] : own)) };
    }),
  );
}

/** A key as the store wrote it: numbers are found by their digits. */
const keyOf = (text: string): unknown => (text === "null" || text.startsWith('"') ? JSON.parse(text) : text);

function takeColumn(given: Given, { name, type }: ChainColumn, issues: Issue[]): ReadColumn {
  const values = (given.columns.get(name) ?? []).map((value, row) => {
    const found = takeValue(value, type);
    if (found === undefined) issues.push(wrongType(given, name, row, type, value));
    return encodeTaken(found ?? null);
  });
  return { values, statuses: values.map((value) => (value === "null" ? "NULL_VALUE" : "PRESENT")) };
}

function checkKeys(given: Given, name: string, values: unknown[], type: ChainColumn["type"], issues: Issue[]): unknown[] {
  values.forEach((value, row) => {
    // As the online read takes them: a number and the text that it is written as are the same key.
    if (["string", "number", "bigint", "boolean"].includes(typeof value) || value === null) return;
    issues.push(wrongType(given, name, row, type, value));
  });
  return values;
} // prettier-ignore

const wrongType = (given: Given, name: string, row: number, type: ChainColumn["type"], value: unknown): Issue => ({
  path: placeOf(given, name, row),
  message: `is no ${type}`,
  expected: typeInWords(type),
  found: typeof value === "bigint" ? String(value) : (JSON.stringify(value)?.slice(0, 80) ?? "nothing"),
});

function invalid(issues: Issue[], message?: string): DomainError {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return new DomainError(
    "invalid",
    message ?? `Nothing was predicted: ${first?.path.join(".")} ${first?.message}${more}.`,
    { issues: issues.slice(0, MOST_ISSUES) },
  );
}
