import { prisma } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DISTRIBUTIONS, driftOf, MONTHS, profileOf } from "./registry-fixture-distributions";
import type { IdOf } from "./registry-fixture-rows";
import type { FixtureRun } from "./registry-fixture-runs";
import type { VersionIdIn } from "./registry-fixture-versions";
import { type ProfileWithFigures, writeProfiles } from "./profile-rows";

/** Profiles by part and by month of every described column, and each month's drift from January. */
export async function fillProfiles(
  id: IdOf,
  { id: runId, workspaceId, number, made, outputs }: FixtureRun,
  idIn: VersionIdIn,
  flights: string,
) {
  const profiles: ProfileWithFigures[] = [];
  const results: Prisma.DriftResultCreateManyInput[] = [];
  for (const [column, distributions] of Object.entries(DISTRIBUTIONS)) {
    const maker = made.get(column);
    const distribution = distributions[Math.min(number, distributions.length) - 1];
    // A version that both runs made was profiled by the first.
    if (!maker || !distribution || (number > 1 && distributions.length === 1)) continue;
    const featureVersionId = idIn(made, column);
    const datasetVersionId = maker.stage ? (outputs[splitColumn(column)[0]] as string) : flights;
    const add = (part: string, months: readonly number[], window: readonly [string, string] | null) => {
      const row = {
        id: id(`profile/${number}/${column}/${part}/${window?.[0] ?? ""}`),
        workspaceId,
        column,
        featureVersionId,
        datasetVersionId,
        runId,
        part,
        windowFrom: window && new Date(window[0]),
        windowTo: window && new Date(window[1]),
        ...profileOf(distribution, months),
      };
      profiles.push(row);
      return row;
    };
    add("all", [0, 1, 2, 3, 4, 5], null);
    add("train", [0, 1, 2, 3], null);
    add("validation", [4], null);
    add("test", [5], null);
    const months = MONTHS.map((window, month) => add("all", [month], window));
    for (const [month, current] of months.entries())
      if (month > 0)
        results.push({
          featureVersionId,
          referenceId: (months[0] as { id: string }).id,
          currentId: current.id,
          ...driftOf(distribution, month),
        });
  }
  await writeProfiles(profiles);
  await prisma().driftResult.createMany({ data: results });
}
