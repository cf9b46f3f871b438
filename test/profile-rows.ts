import { prisma } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { uuidV7 } from "@/lib/db/uuid-v7";
import { FIGURES, withFigures } from "@/lib/registry/stored-figures";

/** A profile as one row, whose JSON is what the test says it is. */
export type ProfileWithFigures = Omit<Prisma.ProfileCreateManyInput, "histogram"> & {
  histogram: unknown;
  stats: unknown;
  equalWidth?: unknown;
};

/** Writes profiles and, in the table of their own, their figures. */
export async function writeProfiles(profiles: readonly ProfileWithFigures[]): Promise<void> {
  const json = (value: unknown) => value as Prisma.InputJsonValue;
  const rows = profiles.map((profile) => ({ ...profile, id: profile.id ?? uuidV7() }));
  await prisma().profile.createMany({
    data: rows.map(({ stats: _, equalWidth: __, histogram, ...row }) => ({ ...row, histogram: json(histogram) })),
  });
  await prisma().profileFigures.createMany({
    data: rows.map(({ id, stats, equalWidth }) => ({
      profileId: id,
      stats: json(stats),
      equalWidth: equalWidth ? json(equalWidth) : Prisma.DbNull,
    })),
  });
}

/** Stored profiles, oldest first, as `writeProfiles` takes them for copies: without id and time. */
export async function copyOfProfiles(where: Prisma.ProfileWhereInput) {
  const rows = await prisma().profile.findMany({ where, include: FIGURES, orderBy: [{ createdAt: "asc" }, { id: "asc" }] }); // prettier-ignore
  return rows.map(withFigures).map(({ id: _, createdAt: __, ...row }) => row);
}
