/** Profiles of texts and true/false values of which there are few different ones: many columns are counted in one statement. */
import { compareCodePoints } from "@/lib/domain/statistics/code-points";
import { groupBy } from "@/lib/domain/group-by";
import { CELL, type ColumnRequest, type Profile } from "./column-request";
import { type TextFigures, withTextHistograms } from "./profile-text";
import { shownText } from "./count-values";

interface Counted {
  column: number;
  cell: number;
  v: string | null;
  n: number;
}

/**
 * @param requests of one frame
 * @returns of each its profiles; null for one that has more counts, by value and cell, than `most`
 */
export async function profileFewTexts(requests: readonly ColumnRequest[], most: number): Promise<(Profile[] | null)[]> {
  const [first] = requests;
  if (!first) return [];
  const counts = requests.map(
    ({ value, rows }, i) =>
      `SELECT ${i} AS "column", ${CELL} AS cell, ${value} AS v, count(*) AS n FROM ${rows} GROUP BY ALL LIMIT ${most + 1}`,
  );
  const counted = groupBy(
    await first.session.rows<Counted>(counts.map((count) => `(${count})`).join(" UNION ALL ")),
    ({ column }) => column,
  );
  return requests.map((request, i) => {
    const own = counted.get(i) ?? [];
    return own.length > most ? null : profileOne(request, own);
  });
}

function profileOne(request: ColumnRequest, counted: readonly Counted[]): Profile[] {
  const values = [...new Set(counted.flatMap(({ v }) => v ?? []))].sort(compareCodePoints);
  const rankOf = new Map(values.map((value, rank) => [value, rank]));
  const lengths = values.map((value) => Array.from(value).length);
  const shown = values.map(shownText);
  const byCell = groupBy(counted, ({ cell }) => cell);
  const figures = request.targets.list.map(({ cells }): TextFigures => {
    const counts = new Map<number, number>();
    let [n, missing] = [0, 0];
    for (const row of cells.flatMap((cell) => byCell.get(cell) ?? [])) {
      n += row.n;
      const rank = row.v === null ? undefined : rankOf.get(row.v);
      if (rank === undefined) missing += row.n;
      else counts.set(rank, (counts.get(rank) ?? 0) + row.n);
    }
    const ranks = [...counts];
    const sum = (of: (rank: number) => number) => ranks.reduce((total, [rank, count]) => total + count * of(rank), 0);
    return {
      n,
      missing,
      kinds: ranks.length,
      letters: sum((rank) => lengths[rank] ?? 0),
      empty: sum((rank) => Number(values[rank] === "")),
      invalid: sum((rank) => Number(values[rank]?.includes("\uFFFD"))),
      top: ranks
        .sort(([one, count], [other, otherCount]) => otherCount - count || one - other)
        .map(([rank, count]) => ({ value: shown[rank] ?? "", count })),
    };
  });
  return withTextHistograms(request, figures, (wanted) => {
    const counts = figures.map(({ top }) => new Map(top.map(({ value, count }) => [value, count])));
    return (target) => wanted.map((value) => counts[target]?.get(value) ?? 0);
  });
}
