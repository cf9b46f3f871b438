import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { DomainError, type Issue } from "@/lib/domain/errors";
import { didYouMean } from "@/lib/domain/names/nearest-name";
import { findOperator, operatorName, resolveParams } from "@/lib/domain/operators/operator-table";
import type { RunComparison, RunFigure, RunQuery } from "@/lib/domain/runs/run-query";
import { holds } from "@/lib/domain/search/comparisons";
import { anyParamsOf, definitionOf } from "../stored-json";

/** Stage → id of its version → parameters with defaults filled in, of the stages that a query names. */
export type ParamsOfStages = ReadonlyMap<string, ReadonlyMap<string, Record<string, unknown>>>;

/** Every figure that a query names, once. */
export function figuresOf({ comparisons, sort }: RunQuery): RunFigure[] {
  const all = [...comparisons.map(({ figure }) => figure), ...(sort ? [sort.figure] : [])];
  return all.filter(({ name }, at) => all.findIndex((other) => other.name === name) === at);
}

/** Reads the parameters that a query names. Throws `invalid` for a stage that there never was and a parameter that it never had. */
export async function loadParams(workspaceId: string, query: RunQuery): Promise<ParamsOfStages> {
  const asked = figuresOf(query).filter((figure) => figure.kind === "param");
  if (asked.length === 0) return new Map();
  const rows = await prisma().stageVersion.findMany({
    where: { stage: { workspaceId, name: { in: asked.map(({ stage }) => stage) } } },
    select: { id: true, definition: true, stage: { select: { name: true } } },
  });
  const found = new Map<string, Map<string, Record<string, unknown>>>();
  const known = new Map<string, Set<string>>();
  for (const row of rows) {
    const definition = definitionOf("Stage", row);
    const params = resolveParams(definition);
    const { name } = row.stage;
    found.set(name, (found.get(name) ?? new Map<string, Record<string, unknown>>()).set(row.id, params));
    const names = known.get(name) ?? new Set<string>();
    known.set(name, names);
    for (const param of findOperator(operatorName(definition))?.params ?? []) names.add(param.name);
    for (const param of Object.keys(params)) names.add(param);
  }
  const issues = await unknownParams(workspaceId, asked, known);
  if (issues.length > 0) throw new DomainError("invalid", issues.map(({ message }) => message).join(" "), { issues });
  return found;
}

async function unknownParams(
  workspaceId: string,
  asked: readonly Extract<RunFigure, { kind: "param" }>[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Issue[]> {
  const wrong = asked.filter(({ stage, param }) => !known.get(stage)?.has(param));
  const all = wrong.some(({ stage }) => !known.has(stage))
    ? (await prisma().stage.findMany({ where: { workspaceId }, select: { name: true } })).map(({ name }) => name)
    : [];
  return wrong.map(({ name, stage, param }): Issue => {
    const params = known.get(stage);
    return params
      ? {
          path: ["q"],
          message: `Stage \`${stage}\` has no parameter \`${param}\`.${didYouMean(param, params)}`,
          expected: `one of ${[...params].sort().join(", ")}`,
          found: name,
        }
      : {
          path: ["q"],
          message: `There is no stage \`${stage}\`.${didYouMean(stage, all)}`,
          expected: "a stage of this workspace",
          found: name,
        };
  });
}

/** The runs of which a comparison holds. A run that does not have the figure is none of them. */
export function whereFigure(comparison: RunComparison, params: ParamsOfStages): Prisma.RunWhereInput {
  const { figure, sign, value } = comparison;
  if (figure.kind === "param") {
    const versions = [...(params.get(figure.stage) ?? [])].filter(([, has]) => holds(has[figure.param], comparison));
    return { OR: versions.map(([id]) => ({ params: { path: ["stageVersions", figure.stage], equals: id } })) };
  }
  const path = [figure.part, figure.metric];
  const number = value as number;
  switch (sign) {
    case "<":
      return { metrics: { path, lt: number } };
    case "<=":
      return { metrics: { path, lte: number } };
    case ">":
      return { metrics: { path, gt: number } };
    case ">=":
      return { metrics: { path, gte: number } };
    case "=":
      return { metrics: { path, equals: number } };
    case "!=":
      return { OR: [{ metrics: { path, lt: number } }, { metrics: { path, gt: number } }] };
  }
}

/** What a run has of a figure; undefined for nothing. */
export function figureIn(
  run: { metrics: Prisma.JsonValue; params: Prisma.JsonValue },
  figure: RunFigure,
  params: ParamsOfStages,
): unknown {
  if (figure.kind === "metric")
    return (run.metrics as Record<string, Record<string, number>> | null)?.[figure.part]?.[figure.metric];
  return params.get(figure.stage)?.get(anyParamsOf(run).stageVersions?.[figure.stage] ?? "")?.[figure.param];
}

/** Ids of the runs by a figure, the newest of equals first; those that do not have it are last. */
export async function sortRuns(
  where: Prisma.RunWhereInput,
  workspaceId: string,
  { figure, falling }: NonNullable<RunQuery["sort"]>,
  params: ParamsOfStages,
): Promise<string[]> {
  const rows = await prisma().run.findMany({ where, select: { id: true, number: true } });
  const read =
    figure.kind === "metric"
      ? Prisma.sql`("metrics"->${figure.part}->>${figure.metric})::float8`
      : Prisma.sql`"params"->'stageVersions'->>${figure.stage}`;
  const found = await prisma().$queryRaw<{ id: string; value: number | string | null }[]>`
    SELECT "id", ${read} AS "value" FROM "Run" WHERE "workspaceId" = ${workspaceId}`;
  const values = new Map<string, unknown>(
    found.map(({ id, value }) => [
      id,
      figure.kind === "metric" ? value : params.get(figure.stage)?.get(String(value))?.[figure.param],
    ]),
  );
  const isMissing = (id: string) => values.get(id) === undefined || values.get(id) === null;
  return rows
    .toSorted((one, other) => {
      const newest = other.number - one.number;
      if (isMissing(one.id) || isMissing(other.id))
        return Number(isMissing(one.id)) - Number(isMissing(other.id)) || newest;
      const order = compareValues(values.get(one.id), values.get(other.id));
      return (falling ? -order : order) || newest;
    })
    .map(({ id }) => id);
}

function compareValues(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other));
}
