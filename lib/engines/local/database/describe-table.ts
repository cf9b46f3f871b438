import { digestFile } from "@/lib/config/file-digest";
import type { DatabaseAccess } from "@/lib/domain/datasets/database-access";
import type { SourceDescription } from "@/lib/domain/datasets/dataset-snapshot";
import { placeOf, type TableSource } from "@/lib/domain/definitions/source";
import type { ReadBounds } from "../../engine";
import { openSource, unreadable } from "../open-source";
import type { Session } from "../session";
import { countWindows, describeOpened, notAsDeclared } from "../source-file";
import { copiesOf, copyTable, keepCopy, type TableOptions } from "./copy-table";

/** What reading a table takes. */
export interface TableReading {
  access: DatabaseAccess;
  options: TableOptions;
  signal?: AbortSignal | undefined;
}

/**
 * See `Engine.describe`: copies the rows of a table as they are now, and says what they are. Only what fits its declaration is kept; without
 * bounds a reader that fails leaves nothing.
 */
export async function describeTable(
  session: Session,
  source: TableSource,
  { access, options, signal }: TableReading,
  bounds?: ReadBounds,
): Promise<SourceDescription> {
  const folder = copiesOf(source, access, options);
  await session.confine([], [session.scratch, folder]);
  const copy = await copyTable(session, source, access, options, { bounds, isAwaited: bounds !== undefined, signal });
  try {
    const opened = await openSource(session, source, [copy.path]);
    if (opened.issues.length > 0) throw notAsDeclared(source, opened.issues);
    const { rows, time, warnings } = await describeOpened(session, opened, [copy.path]);
    const part = `${placeOf(source)}: the first ${rows.toLocaleString("en")} rows read now. The first run reads all, and fails where one does not fit.`;
    const description = { dataset: source.name, rows, time };
    if (bounds) return { ...description, files: [], warnings: [...(copy.isPart ? [part] : []), ...warnings] };
    const path = await keepCopy(copy, folder);
    return { ...description, files: [{ path, ...(await digestFile(path)) }], warnings };
  } catch (error) {
    throw unreadable(source, error);
  }
}

/** See `Engine.countRows`. */
export async function countTableRows(
  session: Session,
  source: TableSource,
  windows: [string, string][],
  { access, options, signal }: TableReading,
): Promise<number[]> {
  const columns = source.columns.filter(({ name }) => name === source.timeColumn);
  await session.confine([], [session.scratch]);
  if (columns.length === 0 || windows.length === 0) return countWindows(session, source, windows, []);
  const times = { ...source, columns };
  // A request waits, but all rows count.
  const copy = await copyTable(session, times, access, options, { isAwaited: true, signal });
  return countWindows(session, times, windows, [copy.path]);
}
