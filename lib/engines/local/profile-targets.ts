/** Which rows each profile covers. Every row is in one cell: its window and the selections that hold it; a profile is a set of cells. */
import type { ProfileWindow } from "@/lib/domain/definitions/source";
import type { RowSelection } from "@/lib/domain/datasets/row-selection";
import type { RunControl } from "@/lib/domain/runs/run-control";
import type { VariantPlan } from "@/lib/domain/runs/variant-plan";
import { EVENT_TIME, type Frame } from "./frame";
import { windowNumber, windowOf } from "./profile/windows";
import { quoteName } from "./quote";
import { selectionCondition, whyNotSplit } from "./row-selection";
import type { Session } from "./session";

interface ProfileTarget {
  part: string;
  window: [string, string] | null;
  cells: number[];
  /** The whole frame is looked at for edges only, when nothing else is the reference. */
  reported: boolean;
}

export interface Targets {
  list: ProfileTarget[];
  /** Index of the selection that fixes the edges: the one named `reference`, else the rows that a model learns from. */
  reference: number | null;
  /** Indexes of the windows, in order of time. */
  windows: number[];
  /** Index of a target that has every row. */
  whole: number;
  /** SQL of a row's cell over the frame. */
  cell: string;
  /** Cell → its rows. */
  rows: Map<number, number>;
}

/** A window with fewer values makes no edges that later ones could be counted by. */
const ENOUGH_FOR_EDGES = 30;
/** More windows than this are no series that anybody looks at, and a row of the registry for each. */
const MOST_WINDOWS = 1500;
const COARSER: Record<ProfileWindow, ProfileWindow | null> = { day: "week", week: "month", month: null };

/**
 * Index of the target that fixes a column's edges: the selection named `reference`, or else `train`, if it has values; else the
 * first window with enough of them, else everything: what comes later is measured against what was there first.
 * @param values target → values of the column there that are not missing
 */
export function referenceOf({ reference, windows, whole }: Targets, values: (target: number) => number): number {
  if (reference !== null && values(reference) > 0) return reference;
  return windows.find((target) => values(target) >= ENOUGH_FOR_EDGES) ?? whole;
}

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
  return frame.timed && plan.every !== null
    ? findWindowed(session, frame, selections, plan.every, log)
    : findCells(session, frame, selections, null);
}

async function findWindowed(
  session: Session,
  frame: Frame,
  selections: RowSelection[],
  every: ProfileWindow,
  log: RunControl["log"],
): Promise<Targets> {
  const targets = await findCells(session, frame, selections, every);
  const coarser = COARSER[every];
  if (targets.windows.length <= MOST_WINDOWS || coarser === null) return targets;
  log(
    "warn",
    `Profiles of ${frame.entity.name} are kept by ${coarser}: by ${every} there would be ${targets.windows.length} windows, and at most ${MOST_WINDOWS} are kept.`,
  );
  return findWindowed(session, frame, selections, coarser, log);
}

async function findCells(
  session: Session,
  frame: Frame,
  selections: RowSelection[],
  every: ProfileWindow | null,
): Promise<Targets> {
  // Each selection is one bit below the number of the window.
  const number = every === null ? "0" : windowNumber(every, quoteName(EVENT_TIME));
  const bits = selections.map(
    (selection, i) => `CASE WHEN ${selectionCondition(frame, selection)} THEN ${2 ** i} ELSE 0 END`,
  );
  const width = 2 ** selections.length;
  const cell = `CAST(${[`(${number}) * ${width}`, ...bits].join(" + ")} AS BIGINT)`;
  const found = await session.rows<{ cell: number; n: number }>(
    `SELECT ${cell} AS cell, count(*) AS n FROM ${frame.relation} GROUP BY 1 ORDER BY 1`,
  );
  const cells = found.map((row) => row.cell);
  const list: ProfileTarget[] = selections.map(({ part, window }, i) => ({
    part,
    window,
    cells: cells.filter((code) => Math.floor((code % width) / 2 ** i) % 2 === 1),
    reported: true,
  }));
  const indexOf = (name: string) => list.findIndex(({ part }) => part === name);
  const reference = indexOf("reference") < 0 ? indexOf("train") : indexOf("reference");
  let whole = list.findIndex((target) => target.cells.length === cells.length);
  const windows: number[] = [];
  const part = selections.find(({ split, window }) => split === null && window === null)?.part ?? "all";
  if (every !== null)
    for (const index of new Set(cells.map((code) => Math.floor(code / width))))
      if (index > 0)
        windows.push(
          list.push({
            part,
            window: windowOf(every, index),
            cells: cells.filter((code) => Math.floor(code / width) === index),
            reported: true,
          }) - 1,
        );
  if (whole < 0) whole = list.push({ part: "all", window: null, cells, reported: false }) - 1;
  return {
    list,
    reference: reference < 0 ? null : reference,
    windows,
    whole,
    cell,
    rows: new Map(found.map((row) => [row.cell, row.n])),
  };
}
