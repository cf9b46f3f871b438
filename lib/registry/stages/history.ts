import type { StageDetail, StageFit } from "@/lib/contracts/stages";
import { prisma } from "@/lib/db/client";
import { definitionDiff } from "@/lib/domain/specs/definition-diff";
import { describeRowSet } from "@/lib/domain/leakage/describe-row-set";
import { actorNames } from "../actor-names";
import { whereKept } from "../models/where-kept";
import { loadPolicies } from "../catalogue/split-policies";
import { definitionOf, rowSetOf } from "../stored-json";
import { behaviourOf } from "@/lib/domain/specs/stage-behaviour";

/** What a run recorded in `Fit.model`. */
interface RecordedModel {
  expressions?: Record<string, string>;
  summary?: Record<string, string | number>;
}

/** A stage's versions, newest first, each with what it changed. */
export async function stageVersions(workspaceId: string, name: string): Promise<StageDetail["versions"]> {
  const rows = await prisma().stageVersion.findMany({
    where: { stage: { workspaceId, name } },
    orderBy: { version: "asc" },
    select: { version: true, digest: true, definition: true, createdAt: true, createdBy: true, chosenByRun: true },
  });
  const nameOf = await actorNames(rows.map((row) => row.createdBy));
  const behaviours = rows.map((row) => behaviourOf(definitionOf("Stage", row)));
  // What a search chose comes of the version that was declared then, and so does the next declared one.
  const changesSince = (before: number, index: number) =>
    before < 0 ? [] : definitionDiff(behaviours[before], behaviours[index]);
  return rows
    .map((row, index) => ({
      version: row.version,
      digest: row.digest,
      createdAt: row.createdAt.toISOString(),
      createdBy: nameOf(row.createdBy),
      chosenByRun: row.chosenByRun,
      changes: changesSince(
        rows.findLastIndex((other, at) => at < index && other.chosenByRun === null),
        index,
      ),
    }))
    .reverse();
}

/** The newest fits of any of the stage's versions. */
export async function stageFits(workspaceId: string, name: string): Promise<StageFit[]> {
  const rows = await prisma().fit.findMany({
    where: { workspaceId, stageVersion: { stage: { name } } },
    orderBy: { createdAt: "desc" },
    take: 20,
    include: { stageVersion: { select: { version: true } }, run: { select: { id: true, number: true } } },
  });
  if (rows.length === 0) return [];
  const policies = await loadPolicies(workspaceId);
  return rows.map((row) => {
    const model = (row.model ?? {}) as RecordedModel;
    return {
      id: row.id,
      version: row.stageVersion.version,
      run: row.run,
      at: row.createdAt.toISOString(),
      class: row.class,
      rowSet: row.rowSet === null ? null : describeRowSet(rowSetOf(row.rowSet), { policies }),
      rows: Number(row.rows),
      seconds: row.seconds,
      where: whereKept(row, row),
      expressions: model.expressions ?? {},
      summary: model.summary ?? {},
    };
  });
}
