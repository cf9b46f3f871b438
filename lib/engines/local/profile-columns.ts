/**
 * Profiles of columns over many selections at once. A column with few different values (nearly all are) is counted by
 * value and cell in one scan, and every figure of every profile comes exactly from those counts; a column with many is
 * summed by cell in one scan, and only its quantiles look at the rows again.
 */
import { splitColumn } from "@/lib/domain/definitions";
import type { ColumnProfile, RunControl, VariantPlan } from "../engine";
import type { Frame, FrameColumn } from "./frame";
import type { Frames } from "./frames";
import { CELL, type ColumnRequest, type Profile, type Wanted, toRequest } from "./profile/column-request";
import { profileCounted } from "./profile/profile-counted";
import { profileStreamed } from "./profile/profile-streamed";
import { profileOpaque, profileText } from "./profile/profile-text";
import { type Targets, findTargets } from "./profile-targets";
import { quoteName } from "./quote";
import type { Session } from "./session";

/** Up to so many different values a column is counted by value. */
const COUNTED_LIMIT = 50_000;

export async function profileColumns(
  session: Session,
  frames: Frames,
  plan: VariantPlan,
  control: RunControl,
  say: (message: string) => void,
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  const byFrame = new Map<Frame, { given: Wanted; found: FrameColumn }[]>();
  for (const given of plan.profile.columns) {
    const frame = await frames.holding(splitColumn(given.column)[0], [given]);
    const found = await frames.own(frame, given.column, given.instance, "The profile");
    byFrame.set(frame, [...(byFrame.get(frame) ?? []), { given, found }]);
  }
  for (const [frame, columns] of byFrame) {
    const targets = await findTargets(session, frame, plan.profile, control.log);
    const rows = quoteName(frames.fresh(`cells of ${frame.entity.name}`));
    // A hash of every key is too dear to be computed once for each column.
    const hashed = plan.profile.selections.some((selection) => selection.split?.policy.type === "hash");
    await session.run(
      `CREATE ${hashed ? "TABLE" : "VIEW"} ${rows} AS SELECT *, ${targets.cell} AS ${CELL} FROM ${frame.relation}`,
    );
    await session.run(
      `CREATE OR REPLACE TABLE cell_targets AS SELECT CAST(target AS INTEGER) AS target, CAST(cell AS BIGINT) AS cell FROM (VALUES ${cellValues(targets)}) t(target, cell)`,
    );

    const requests = columns.map(({ given, found }) => toRequest(session, given, found, rows, targets));
    const distinct = await countDistinct(session, requests, rows);
    for (const [i, request] of requests.entries()) {
      say(`profile of ${request.name}`);
      profiles.push(
        ...(await profileColumn(request, distinct[i] ?? 0)).map((profile) => ({
          ...profile,
          instance: request.given.instance,
        })),
      );
    }
    await session.run(`DROP ${hashed ? "TABLE" : "VIEW"} ${rows}`);
  }
  return profiles;
}

function cellValues({ list }: Targets): string {
  const pairs = list.flatMap((target, i) => target.cells.map((cell) => `(${i}, ${cell})`));
  return pairs.length > 0 ? pairs.join(", ") : "(-1, -1)";
}

async function countDistinct(session: Session, requests: ColumnRequest[], rows: string): Promise<number[]> {
  const asked = requests.map(({ shape, value }, i) =>
    shape === "number" || shape === "instant" ? `approx_count_distinct(${value}) AS c${i}` : `0 AS c${i}`,
  );
  const row = await session.row<Record<string, number>>(`SELECT ${asked.join(", ")} FROM ${rows}`);
  return requests.map((_, i) => row[`c${i}`] ?? 0);
}

async function profileColumn(request: ColumnRequest, distinct: number): Promise<Profile[]> {
  if (request.shape === "opaque") return profileOpaque(request);
  if (request.shape === "text") return profileText(request);
  return distinct <= COUNTED_LIMIT ? profileCounted(request) : profileStreamed(request);
}
