import type { z } from "zod";
import type {
  LoggedRows,
  logOutcomes as outcomesContract,
  logPredictions as predictionsContract,
} from "@/lib/contracts/outcomes";
import { prisma, type Transaction } from "@/lib/db/client";
import { openQueue } from "@/lib/db/queue";
import { uuidV7 } from "@/lib/db/uuid-v7";
import { canonicalJson } from "@/lib/domain/canonical-json";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { EntityDefinition } from "@/lib/domain/definitions/entity";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { Principal } from "@/lib/domain/principal";
import { queueConceptEvaluations } from "./concept-evaluations";
import { findConceptSubject } from "./concept-subject";
import { openScopeFor } from "../scope";

type PredictionsBody = z.output<(typeof predictionsContract)["body"]>;
type OutcomesBody = z.output<(typeof outcomesContract)["body"]>;

interface LoggedRow {
  key: string;
  at: Date;
  value: number;
}

/**
 * Keeps predictions that a service made: all of them, or none. The same row sent again changes nothing, with another value the
 * newest counts. Throws `not_found` for an unknown model and `invalid` naming the items whose keys do not fit.
 */
export async function logPredictions(principal: Principal, model: string, body: PredictionsBody): Promise<LoggedRows> {
  const { scope, rows } = await open(principal, model, body.workspace, "predictions", body.predictions, ({ prediction }) => prediction); // prettier-ignore
  return keepRows(scope.workspace.id, model, body.predictions.length, async (tx, workspaceId) => {
    // One statement, because thousands of rows through the client take seconds.
    const [kept] = await tx.$queryRaw<[Kept]>`
      WITH kept AS (
        INSERT INTO "LoggedPrediction" AS l ("id", "workspaceId", "model", "key", "at", "prediction", "modelVersion", "requestId")
        SELECT r."id", ${workspaceId}, ${model}, r."key", r."at" AT TIME ZONE 'utc', r."value", r."version", r."request"
        FROM jsonb_to_recordset(${json(rows.map(({ row, item }) => ({ ...row, id: uuidV7(), version: item.modelVersion, request: item.requestId })))}::jsonb)
          AS r("id" text, "key" text, "at" timestamptz, "value" float8, "version" int, "request" text)
        ON CONFLICT ("workspaceId", "model", "key", "at") DO UPDATE
        SET "prediction" = EXCLUDED."prediction", "modelVersion" = EXCLUDED."modelVersion", "requestId" = EXCLUDED."requestId"
        WHERE l."prediction" <> EXCLUDED."prediction"
        RETURNING (xmax = 0) AS "added")
      SELECT count(*) FILTER (WHERE "added")::int AS "added", count(*) FILTER (WHERE NOT "added")::int AS "replaced" FROM kept`;
    return kept;
  });
}

/** Keeps what came of predicted things, whether or not their predictions are known yet. Throws as `logPredictions` does. */
export async function logOutcomes(principal: Principal, model: string, body: OutcomesBody): Promise<LoggedRows> {
  const { scope, rows } = await open(principal, model, body.workspace, "outcomes", body.outcomes, ({ outcome }) => outcome); // prettier-ignore
  return keepRows(scope.workspace.id, model, body.outcomes.length, async (tx, workspaceId) => {
    const [kept] = await tx.$queryRaw<[Kept]>`
      WITH kept AS (
        INSERT INTO "LoggedOutcome" AS l ("id", "workspaceId", "model", "key", "at", "outcome")
        SELECT r."id", ${workspaceId}, ${model}, r."key", r."at" AT TIME ZONE 'utc', r."value"
        FROM jsonb_to_recordset(${json(rows.map(({ row }) => ({ ...row, id: uuidV7() })))}::jsonb)
          AS r("id" text, "key" text, "at" timestamptz, "value" float8)
        ON CONFLICT ("workspaceId", "model", "key", "at") DO UPDATE SET "outcome" = EXCLUDED."outcome"
        WHERE l."outcome" <> EXCLUDED."outcome"
        RETURNING (xmax = 0) AS "added")
      SELECT count(*) FILTER (WHERE "added")::int AS "added", count(*) FILTER (WHERE NOT "added")::int AS "replaced" FROM kept`;
    return kept;
  });
}

/** Keeps rows of a model's log in one transaction, and queues the monitors that read them when something is new. */
async function keepRows(
  workspaceId: string,
  model: string,
  received: number,
  keep: (tx: Transaction, workspaceId: string) => Promise<Kept>,
): Promise<LoggedRows> {
  await openQueue();
  return prisma().$transaction(async (tx) => {
    await lockLog(tx, workspaceId, model);
    const kept = await keep(tx, workspaceId);
    if (kept.added + kept.replaced > 0) await queueConceptEvaluations(tx, workspaceId, model);
    return toAnswer(received, kept);
  });
}

interface Kept {
  added: number;
  replaced: number;
}

function toAnswer(received: number, { added, replaced }: Kept): LoggedRows {
  return { received, added, replaced, unchanged: received - added - replaced };
}

/** Batches of one model come one after the other, so that no two wait for rows of each other. */
async function lockLog(tx: Transaction, workspaceId: string, model: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`logged:${workspaceId}:${model}`}, 0))`;
}

const json = (value: unknown) => JSON.stringify(value);

interface Item {
  key: Record<string, string | number | boolean>;
  at: string;
}

async function open<Of extends Item>(
  principal: Principal,
  model: string,
  workspace: string,
  field: string,
  items: readonly Of[],
  valueOf: (item: Of) => number,
) {
  const scope = await openScopeFor(principal, workspace, "features:push");
  const { entity } = await findConceptSubject(scope.workspace.id, model);
  const issues: Issue[] = [];
  const seen = new Map<string, { at: number; value: number }>();
  const rows: { item: Of; row: LoggedRow }[] = [];
  for (const [at, item] of items.entries()) {
    const { key, found } = keyOf(entity, item.key);
    if (key === null) {
      issues.push(...found.map(({ path, ...issue }) => ({ ...issue, path: [field, at, "key", ...path] })));
      continue;
    }
    const row = { key, at: new Date(item.at), value: valueOf(item) };
    const identity = `${key} ${row.at.getTime()}`;
    const before = seen.get(identity);
    if (before === undefined) {
      seen.set(identity, { at, value: row.value });
      rows.push({ item, row });
    } else if (before.value !== row.value)
      issues.push({
        path: [field, at],
        message: `the same key and time as item ${before.at}, with another value`,
        expected: String(before.value),
        found: String(row.value),
      });
  }
  if (issues.length > 0)
    throw new DomainError(
      "invalid",
      `Nothing was logged: ${issues[0]?.path?.join(".")} ${issues[0]?.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ""}.`,
      { issues: issues.slice(0, 100) },
    );
  return { scope, rows };
}

/** The key in one form, so that 7 and "7" are the same flight: texts in the order of names. */
function keyOf(
  entity: EntityDefinition,
  given: Item["key"],
): { key: string | null; found: (Issue & { path: string[] })[] } {
  const found: (Issue & { path: string[] })[] = [];
  const texts: Record<string, string> = {};
  for (const { name, type } of entity.joinKeys) {
    const value = given[name];
    const text = value === undefined ? null : textOf(type, value);
    if (text === null)
      found.push({
        path: [name],
        message: value === undefined ? `is missing; ${entity.name} is told apart by it` : `is no ${type}`,
        expected: `a ${type}`,
        found: value === undefined ? "nothing" : String(value),
      });
    else texts[name] = text;
  }
  const names = entity.joinKeys.map((one) => one.name);
  for (const name of Object.keys(given).filter((one) => !names.includes(one)))
    found.push({ path: [name], message: `is no join key of ${entity.name}`, expected: names.join(", "), found: name });
  return { key: found.length === 0 ? canonicalJson(texts) : null, found };
}

function textOf(type: ColumnType, value: string | number | boolean): string | null {
  switch (type) {
    case "bigint":
      if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
      return typeof value === "string" && /^-?\d{1,19}$/.test(value) ? String(BigInt(value)) : null;
    case "double":
      return typeof value !== "boolean" && value !== "" && Number.isFinite(Number(value))
        ? String(Number(value))
        : null;
    case "boolean":
      return typeof value === "boolean" ? String(value) : null;
    case "timestamp": {
      const at = typeof value === "string" ? new Date(value) : null;
      return at && !Number.isNaN(at.getTime()) ? at.toISOString() : null;
    }
    default:
      return typeof value === "string" ? value : null;
  }
}
