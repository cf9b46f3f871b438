/** Which rows each profile covers. Every row is in one cell: its month and the selections that hold it; a profile is a set of cells. */
import type { RowSelection, RunControl, VariantPlan } from "../engine";
import { EVENT_TIME, type Frame } from "./frame";
import { quoteName } from "./quote";
import { selectionCondition, whyNotSplit } from "./row-selection";
import type { Session } from "./session";

export interface ProfileTarget {
  part: string;
  window: [string, string] | null;
  cells: number[];
  /** The whole frame is looked at for edges only, when nothing else is the reference. */
  reported: boolean;
}

export interface Targets {
  list: ProfileTarget[];
  /** Index of the profile that fixes the edges. */
  reference: number;
  /** SQL of a row's cell over the frame. */
  cell: string;
}

const MONTHS_A_YEAR = 12;

function monthWindow(month: number): [string, string] {
  const start = (index: number) =>
    new Date(Date.UTC(1970 + Math.floor(index / MONTHS_A_YEAR), index % MONTHS_A_YEAR, 1)).toISOString();
  return [start(month), start(month + 1)];
}

/**
 * The reference is the selection named `reference` if there is one, else the first month, else everything: what comes
 * later is measured against what was there first.
 */
export async function findTargets(
  session: Session,
  frame: Frame,
  plan: VariantPlan["profile"],
  log: RunControl["log"],
): Promise<Targets> {
  const selections = plan.selections.filter((selection) => {
    const problem =
      whyNotSplit(frame, selection.split) ??
      (selection.window && !frame.timed ? `rows of ${frame.entity.name} have no event time` : undefined);
    if (problem) log("info", `No profile of ${frame.entity.name} for ${selection.part}: ${problem}.`);
    return problem === undefined;
  });
  const byMonth = plan.byMonth && frame.timed;
  const time = quoteName(EVENT_TIME);
  // Months count from January 1970, and 0 is for rows without a time; each selection is one bit below.
  const month = byMonth ? `coalesce((year(${time}) - 1970) * ${MONTHS_A_YEAR} + month(${time}), 0)` : "0";
  const bits = selections.map(
    (selection, i) => `CASE WHEN ${selectionCondition(frame, selection)} THEN ${2 ** i} ELSE 0 END`,
  );
  const width = 2 ** selections.length;
  const cell = `CAST(${[`${month} * ${width}`, ...bits].join(" + ")} AS BIGINT)`;

  const found = await session.rows<{ cell: number }>(
    `SELECT DISTINCT ${cell} AS cell FROM ${frame.relation} ORDER BY 1`,
  );
  const cells = found.map((row) => row.cell);
  const list: ProfileTarget[] = selections.map((selection: RowSelection, i) => ({
    part: selection.part,
    window: selection.window,
    cells: cells.filter((code) => Math.floor((code % width) / 2 ** i) % 2 === 1),
    reported: true,
  }));
  let reference = selections.findIndex((selection) => selection.part === "reference");
  if (byMonth) {
    const months = [...new Set(cells.map((code) => Math.floor(code / width)))]
      .filter((index) => index > 0)
      .sort((a, b) => a - b);
    if (reference < 0 && months.length > 0) reference = list.length;
    for (const index of months) {
      list.push({
        part: "all",
        window: monthWindow(index - 1),
        cells: cells.filter((code) => Math.floor(code / width) === index),
        reported: true,
      });
    }
  }
  if (reference < 0) {
    reference = list.findIndex((target) => target.cells.length === cells.length);
    if (reference < 0) reference = list.push({ part: "all", window: null, cells, reported: false }) - 1;
  }
  return { list, reference, cell };
}
