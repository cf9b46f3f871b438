import { Prisma } from "@/lib/db/generated/client";
import type { Transaction } from "@/lib/db/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
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
  const rows = profiles.map(({ profile, owner }) => ({ id: uuidV7(), profile, owner }));
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    await tx.profile.createMany({ data: some.map(({ id, profile, owner }) => ({ id, ...toRow(profile), ...owner })) });
    await tx.profileFigures.createMany({
      data: some.map(({ id, profile: { stats, equalWidth } }) => ({
        profileId: id,
        stats: json(stats),
        equalWidth: equalWidth ? json(equalWidth) : Prisma.DbNull,
      })),
    });
  }
  return rows.map(({ id }) => id);
}

const json = (value: unknown) => value as Prisma.InputJsonValue;

function toRow(profile: ColumnProfile) {
  return {
    column: profile.column,
    part: profile.part,
    windowFrom: profile.window && new Date(profile.window[0]),
    windowTo: profile.window && new Date(profile.window[1]),
    rows: BigInt(profile.stats.rows),
    histogram: json(profile.histogram),
  };
}
