/** Profiles of texts and truth values, by value; and of vectors and lists, of which only the missing ones are counted. */
import type { Histogram } from "@/lib/domain/drift/histogram";
import type { ColumnStats } from "../../engine";
import { CELL, type ColumnRequest, type Profile, assemble } from "./column-request";
import { TOP_SHOWN, categoricalHistograms, countValues, topValues } from "./count-values";

const TOP_VALUES = 50;

export async function profileOpaque(request: ColumnRequest): Promise<Profile[]> {
  const counts = await request.session.rows<{ target: number; n: number; present: number }>(
    `SELECT target, sum(n)::BIGINT AS n, sum(present)::BIGINT AS present FROM (SELECT ${CELL} AS cell, count(*) AS n, count(${request.value}) AS present FROM ${request.rows} GROUP BY 1) JOIN cell_targets USING (cell) GROUP BY 1`,
  );
  return assemble(request, (target) => {
    const { n = 0, present = 0 } = counts.find((row) => row.target === target) ?? {};
    return {
      stats: { rows: n, missing: n - present },
      histogram: { kind: "categorical", values: [], counts: [], other: present, missing: n - present },
      equalWidth: null,
    };
  });
}

export async function profileText(request: ColumnRequest): Promise<Profile[]> {
  const { session, targets, given, type } = request;
  await countValues(request);
  const rows = await session.rows<{
    target: number;
    n: number;
    missing: number;
    kinds: number;
    letters: number | null;
    empty: number;
  }>(
    `SELECT target, sum(n)::BIGINT AS n, coalesce(sum(n) FILTER (WHERE v IS NULL), 0)::BIGINT AS missing, count(v) AS kinds, sum(n * length(v))::DOUBLE AS letters, coalesce(sum(n) FILTER (WHERE v = ''), 0)::BIGINT AS empty FROM value_counts GROUP BY 1`,
  );
  const top = await topValues(session, TOP_VALUES);
  const totals = new Map(
    targets.list.map((_, i) => [
      i,
      {
        rows: rows.find((row) => row.target === i)?.n ?? 0,
        missing: rows.find((row) => row.target === i)?.missing ?? 0,
      },
    ]),
  );
  const values =
    given.edges?.kind === "categorical"
      ? given.edges.values
      : type === "boolean"
        ? ["false", "true"]
        : (top.get(targets.reference) ?? []).map(({ value }) => value);
  const histograms = await categoricalHistograms(session, values, totals);
  return assemble(request, (target) => {
    const row = rows.find((candidate) => candidate.target === target);
    const present = row ? row.n - row.missing : 0;
    const stats: ColumnStats = {
      rows: row?.n ?? 0,
      missing: row?.missing ?? 0,
      distinct: row?.kinds ?? 0,
      top: (top.get(target) ?? []).slice(0, TOP_SHOWN),
    };
    if (type === "string") {
      stats.emptyStrings = row?.empty ?? 0;
      if (present > 0) stats.averageLength = (row?.letters ?? 0) / present;
    }
    const histogram: Histogram = histograms.get(target) ?? {
      kind: "categorical",
      values,
      counts: values.map(() => 0),
      other: 0,
      missing: 0,
    };
    return { stats, histogram, equalWidth: null };
  });
}
