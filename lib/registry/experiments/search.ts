import type { Experiment, ExperimentFilters, ExperimentList, SimilarExperiment } from "@/lib/contracts/experiments";
import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { csvLine } from "@/lib/domain/csv";
import type { Principal } from "@/lib/domain/principal";
import { tokensOf } from "@/lib/domain/search/tokens";
import { corrections, createVocabulary, prefixRange } from "@/lib/domain/search/vocabulary";
import { EXPERIMENT, toExperiments } from "./row";
import { pageOf, type PageQuery } from "../paging";
import { openScopeFor } from "../scope";

/**
 * What is searched, by weight: title, hypothesis with metric, insight, then names and tags. A workspace has hundreds of
 * experiments, not millions, so that the vector is computed when it is asked for.
 */
const VECTOR = Prisma.sql`(
  setweight(to_tsvector('english', "title"), 'A') ||
  setweight(to_tsvector('english', "hypothesis" || ' ' || "metric"), 'B') ||
  setweight(to_tsvector('english', "insight"), 'C') ||
  setweight(to_tsvector('english', "owner" || ' ' || translate(
    array_to_string("tags", ' ') || ' ' || array_to_string("features", ' ') || ' ' || array_to_string("stages", ' '),
    '._', '  ')), 'D'))`;

/** Most words that an unfinished one may stand for. */
const MOST_READINGS = 5;
const MOST_SIMILAR = 5;

/** Experiments that a query finds, the best first; without words the newest first. */
export async function listExperiments(
  principal: Principal,
  query: ExperimentFilters & PageQuery,
): Promise<ExperimentList> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const found = await findExperiments(scope.workspace.id, query);
  const { items: ids, ...page } = pageOf(found.ids, query);
  const everything = await prisma().experiment.findMany({
    where: { workspaceId: scope.workspace.id },
    select: { owner: true, tags: true },
  });
  return {
    items: await readInOrder(scope.workspace.name, ids),
    ...page,
    corrections: found.corrections,
    facets: {
      owners: [...new Set(everything.map((row) => row.owner).filter(Boolean))].sort(),
      tags: [...new Set(everything.flatMap((row) => row.tags))].sort(),
    },
  };
}

async function readInOrder(workspace: string, ids: readonly string[]): Promise<Experiment[]> {
  const rows = await prisma().experiment.findMany({ where: { id: { in: [...ids] } }, include: EXPERIMENT });
  const place = new Map(ids.map((id, index) => [id, index]));
  rows.sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0));
  return toExperiments(workspace, rows);
}

async function findExperiments(
  workspaceId: string,
  filters: ExperimentFilters,
): Promise<{ ids: string[]; corrections: ExperimentList["corrections"] }> {
  const where = whereOf(workspaceId, filters);
  if (tokensOf(filters.q).length === 0) {
    const rows = await prisma().$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "Experiment" WHERE ${where} ORDER BY "number" DESC`;
    return { ids: rows.map((row) => row.id), corrections: [] };
  }
  const asWritten = await ranked(where, Prisma.sql`websearch_to_tsquery('english', ${filters.q})`);
  if (asWritten.length > 0) return { ids: asWritten, corrections: [] };
  const reading = await readWords(workspaceId, filters.q);
  if (!reading) return { ids: [], corrections: [] };
  const ids = await ranked(where, Prisma.sql`to_tsquery('english', ${reading.query})`);
  return { ids, corrections: ids.length > 0 ? reading.corrections : [] };
}

async function ranked(where: Prisma.Sql, query: Prisma.Sql): Promise<string[]> {
  const rows = await prisma().$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Experiment", LATERAL (SELECT ${VECTOR} AS vector, ${query} AS query) AS text
    WHERE ${where} AND vector @@ query
    ORDER BY ts_rank('{0.05, 0.2, 0.4, 1.0}', vector, query) DESC, "number" DESC`;
  return rows.map((row) => row.id);
}

function whereOf(workspaceId: string, filters: Omit<ExperimentFilters, "workspace" | "q">): Prisma.Sql {
  const { outcome, feature, stage, owner, tag } = filters;
  return Prisma.join(
    [
      Prisma.sql`"workspaceId" = ${workspaceId}`,
      ...(outcome === "open" ? [Prisma.sql`"state" = 'open'`] : outcome ? [Prisma.sql`"outcome" = ${outcome}`] : []),
      ...(feature ? [Prisma.sql`"features" @> ARRAY[${feature}]::text[]`] : []),
      ...(stage ? [Prisma.sql`"stages" @> ARRAY[${stage}]::text[]`] : []),
      ...(owner ? [Prisma.sql`"owner" = ${owner}`] : []),
      ...(tag ? [Prisma.sql`${tag} = ANY("tags")`] : []),
    ],
    " AND ",
  );
}

/**
 * How words that nothing contains can be read: as the beginning of known words, else as a misspelling of them. Null when no
 * word can be read otherwise.
 */
async function readWords(
  workspaceId: string,
  q: string,
): Promise<{ query: string; corrections: ExperimentList["corrections"] } | null> {
  const rows = await prisma().experiment.findMany({
    where: { workspaceId },
    select: { title: true, hypothesis: true, metric: true, insight: true, owner: true, tags: true, features: true, stages: true },
  }); // prettier-ignore
  const vocabulary = createVocabulary(rows.map((row) => tokensOf(Object.values(row).flat().join(" "))));
  const read: ExperimentList["corrections"] = [];
  const groups = tokensOf(q).map((word) => {
    if (vocabulary.idOf.has(word)) return [word];
    const [from, to] = prefixRange(vocabulary, word);
    const ids = to > from ? [...Array(to - from).keys()].map((index) => from + index) : corrections(vocabulary, word);
    const words = ids.slice(0, MOST_READINGS).map((id) => vocabulary.tokens[id] as string);
    if (words.length > 0) read.push({ word, read: words });
    return words.length > 0 ? words : [word];
  });
  if (read.length === 0) return null;
  // Tokens hold letters and digits only, so that nothing in them is an operator.
  return { query: groups.map((words) => `(${words.join(" | ")})`).join(" & "), corrections: read };
}

/**
 * Earlier experiments like one that is being written: that share a feature or stage and a word stem, or three word stems.
 * Decided ones come before open ones of equal likeness, because they have an answer.
 */
export async function findSimilarExperiments(
  principal: Principal,
  draft: { workspace: string; text: string; feature: string[]; stage: string[]; except?: number },
): Promise<{ items: SimilarExperiment[] }> {
  const scope = await openScopeFor(principal, draft.workspace, "workspace:read");
  const rows = await prisma().$queryRaw<{ id: string; words: string[]; shared: string[] }[]>`
    WITH draft AS (SELECT tsvector_to_array(to_tsvector('english', ${draft.text})) AS words),
    likeness AS (
      SELECT "id", "number", "state",
        ARRAY(SELECT unnest(tsvector_to_array(${VECTOR})) INTERSECT SELECT unnest(draft.words) ORDER BY 1) AS words,
        ARRAY(SELECT unnest("features" || "stages") INTERSECT
              SELECT unnest(${[...draft.feature, ...draft.stage]}::text[]) ORDER BY 1) AS shared
      FROM "Experiment", draft
      WHERE "workspaceId" = ${scope.workspace.id} AND "number" <> ${draft.except ?? 0}
    )
    SELECT "id", words, shared FROM likeness
    WHERE cardinality(words) >= 3 OR (cardinality(shared) > 0 AND cardinality(words) >= 1)
    ORDER BY cardinality(words) + 2 * cardinality(shared) DESC, "state" ASC, "number" DESC
    LIMIT ${MOST_SIMILAR}`;
  const experiments = await readInOrder(
    scope.workspace.name,
    rows.map((row) => row.id),
  );
  return {
    items: rows.map(({ words, shared }, index) => ({ experiment: experiments[index] as Experiment, words, shared })),
  };
}

const COLUMNS = [
  "number", "title", "hypothesis", "metric", "state", "outcome", "insight", "owner", "tags", "variants", "features",
  "stages", "decidedAt", "decidedBy", "createdAt", "createdBy",
] as const satisfies (keyof Experiment)[]; // prettier-ignore

/** Everything that a search finds, as one file. Permissions are checked before the first byte. */
export async function exportExperiments(
  principal: Principal,
  query: ExperimentFilters & { format: "csv" | "json" },
): Promise<string[]> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const { ids } = await findExperiments(scope.workspace.id, query);
  const experiments = await readInOrder(scope.workspace.name, ids);
  if (query.format === "json") return [`${JSON.stringify(experiments, null, 2)}\n`];
  return [csvLine(COLUMNS), ...experiments.map(toLine)];
}

function toLine(experiment: Experiment): string {
  return csvLine(
    COLUMNS.map((column) => {
      if (column === "variants") return experiment.variants.map((variant) => variant.name).join("; ");
      const value = experiment[column];
      return Array.isArray(value) ? value.join(" ") : value;
    }),
  );
}
