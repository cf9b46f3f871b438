import { Prisma } from "@/lib/db/generated/client";
import type { Transaction } from "@/lib/db/client";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";

export interface ProfileOwner {
  workspaceId: string;
  featureVersionId: string | null;
  datasetVersionId: string;
  runId: string | null;
  fingerprint: string | null;
}

/** So many rows are written at once: a statement takes a limited number of values. */
const AT_ONCE = 500;

/** Keeps measured distributions. Returns their ids, in order. */
export async function createProfiles(
  tx: Transaction,
  profiles: readonly { profile: ColumnProfile; owner: ProfileOwner }[],
): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < profiles.length; start += AT_ONCE) {
    const rows = await tx.profile.createManyAndReturn({
      data: profiles.slice(start, start + AT_ONCE).map(({ profile, owner }) => ({ ...toRow(profile), ...owner })),
      select: { id: true },
    });
    ids.push(...rows.map(({ id }) => id));
  }
  return ids;
}

const json = (value: unknown) => value as Prisma.InputJsonValue;

function toRow(profile: ColumnProfile) {
  return {
    column: profile.column,
    part: profile.part,
    windowFrom: profile.window && new Date(profile.window[0]),
    windowTo: profile.window && new Date(profile.window[1]),
    rows: BigInt(profile.stats.rows),
    stats: json(profile.stats),
    histogram: json(profile.histogram),
    equalWidth: profile.equalWidth ? json(profile.equalWidth) : Prisma.DbNull,
  };
}
