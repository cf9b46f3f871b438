/** Profiles of lists and vectors: how many values each has, and what the values are. */
import type { ColumnStats } from "@/lib/domain/profiles/column-stats";
import { deciles } from "@/lib/domain/statistics/quantiles";
import { CELL, type ColumnRequest, type Profile } from "./column-request";

/** Of more values than this only how many there are is told: they would take more memory than everything else. */
const MOST_VALUES = 20_000_000;

interface Lengths {
  rows: number;
  missing: number;
  valency: ColumnStats["valency"];
}

/** @param profileValues profiles a column that holds the lists' values, a row for each */
export async function profileList(
  request: ColumnRequest,
  profileValues: (values: ColumnRequest) => Promise<Profile[]>,
): Promise<Profile[]> {
  const { session, value, rows, targets, type, given } = request;
  const counts = await session.rows<{ cell: number; length: number | null; n: number }>(
    `SELECT ${CELL} AS cell, len(${value}) AS length, count(*) AS n FROM ${rows} GROUP BY ALL ORDER BY 2`,
  );
  const reported = targets.list.filter((target) => target.reported);
  const lengths = reported.map(({ cells }) => {
    const own = new Set(cells);
    return lengthsOf(counts.filter(({ cell }) => own.has(cell)));
  });
  const total = counts.reduce((sum, { length, n }) => sum + (length ?? 0) * n, 0);
  if (total > MOST_VALUES)
    return reported.map(({ part, window }, i) => {
      const { rows: all, missing, valency } = lengths[i] as Lengths;
      return {
        column: request.name,
        part,
        window,
        stats: { rows: all, missing, ...(valency && { valency }) },
        histogram: { kind: "categorical", values: [], counts: [], other: all - missing, missing },
        equalWidth: null,
      };
    });
  await session.run(
    `CREATE OR REPLACE TABLE list_values AS SELECT * FROM (SELECT ${CELL}, unnest(${value}) AS v FROM ${rows}) WHERE v IS NOT NULL`,
  );
  const sizes = await session.rows<{ cell: number; n: number }>(
    `SELECT ${CELL} AS cell, count(*) AS n FROM list_values GROUP BY 1`,
  );
  const isNumeric = type === "vector";
  const profiles = await profileValues({
    ...request,
    type: isNumeric ? "double" : "string",
    shape: isNumeric ? "number" : "text",
    value: isNumeric ? "CAST(v AS DOUBLE) + 0e0" : "CAST(v AS VARCHAR)",
    rows: "list_values",
    targets: { ...targets, rows: new Map(sizes.map(({ cell, n }) => [cell, n])) },
    given,
  });
  await session.run("DROP TABLE list_values");
  return profiles.map((profile, i) => {
    const { rows: all, missing, valency } = lengths[i] as Lengths;
    // Of the values, shares of rows would mean nothing.
    const { zeros: _zeros, negative: _negative, finite: _finite, sum: _sum, ...figures } = profile.stats;
    return {
      ...profile,
      stats: { ...figures, rows: all, missing, ...(valency && { valency }) },
      histogram: { ...profile.histogram, missing },
      equalWidth: profile.equalWidth && { ...profile.equalWidth, missing },
    };
  });
}

function lengthsOf(counts: readonly { length: number | null; n: number }[]): Lengths {
  const rows = counts.reduce((sum, { n }) => sum + n, 0);
  const present = counts.flatMap(({ length, n }) => (length === null ? [] : [{ length, n }]));
  const lengths = new Float64Array(present.reduce((sum, { n }) => sum + n, 0));
  let at = 0;
  for (const { length, n } of present) {
    lengths.fill(length, at, at + n);
    at += n;
  }
  lengths.sort();
  const [min] = lengths;
  if (min === undefined) return { rows, missing: rows, valency: undefined };
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return {
    rows,
    missing: rows - lengths.length,
    valency: { min, mean, max: lengths.at(-1) ?? min, deciles: deciles(lengths) },
  };
}
