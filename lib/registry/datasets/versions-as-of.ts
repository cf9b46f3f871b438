import { quarantineCause } from "@/lib/domain/rules/quarantine-cause";
import { prisma } from "@/lib/db/client";
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";

export interface AsOf {
  /** Source → version of its data. */
  versionAsOf?: Record<string, number> | undefined;
  /** ISO: the newest version that had been recorded by then, of sources that are not named. */
  timestampAsOf?: string | undefined;
}

/**
 * The versions of sources that something is to read, by number; none for those that are read as they are now. Throws `invalid` for a source
 * that is not among them and a time to come, `not_found` for a version that there is not or was not by then, `conflict` for one whose bytes
 * were removed or that is in quarantine.
 * @param sources that are read
 */
export async function resolveAsOf(
  workspaceId: string,
  sources: readonly string[],
  { versionAsOf = {}, timestampAsOf }: AsOf,
): Promise<Record<string, number>> {
  for (const name of Object.keys(versionAsOf))
    if (!sources.includes(name)) {
      const meant = nearest(name, sources);
      throw invalid(["versionAsOf", name], `No source \`${name}\` is read, so that no version of it can be. ${meant ? `Did you mean \`${meant}\`?` : `Those are read: ${sources.join(", ")}.`}`); // prettier-ignore
    }
  if (timestampAsOf !== undefined && Date.parse(timestampAsOf) > Date.now())
    throw invalid(["timestampAsOf"], `The time ${timestampAsOf} has not come yet: what will have been recorded by then is not known. Leave it out to read what sources hold now.`); // prettier-ignore
  const rows = await prisma().datasetVersion.findMany({
    where: { workspaceId, dataset: { in: [...sources] }, sourceId: { not: null } },
    orderBy: { version: "desc" },
    select: { dataset: true, version: true, createdAt: true, expiredAt: true, quarantinedAt: true, heldBy: true },
  });
  const chosen: Record<string, number> = {};
  for (const source of sources) {
    const all = rows.filter(({ dataset }) => dataset === source);
    const number = versionAsOf[source];
    if (number === undefined && timestampAsOf === undefined) continue;
    const found = number === undefined ? all.find(({ createdAt }) => createdAt <= new Date(timestampAsOf ?? 0)) : all.find(({ version }) => version === number); // prettier-ignore
    if (!found) throw notThere(source, number, timestampAsOf, all);
    const name = `${source}@${found.version}`;
    if (found.expiredAt)
      throw new DomainError("conflict", `The bytes of ${name} were removed on ${found.expiredAt.toISOString()}. Take a later version; /retention says what is kept.`); // prettier-ignore
    if (found.quarantinedAt)
      throw new DomainError("conflict", `${name} is in quarantine since ${found.quarantinedAt.toISOString()}: ${quarantineCause(found.heldBy)}. Take another version.`); // prettier-ignore
    chosen[source] = found.version;
  }
  return chosen;
}

function notThere(
  source: string,
  number: number | undefined,
  timestamp: string | undefined,
  all: readonly { version: number; createdAt: Date }[],
): DomainError {
  const first = all.at(-1);
  if (!first)
    return new DomainError(
      "not_found",
      `Nothing of \`${source}\` has been recorded yet. Its first run records version 1.`,
    );
  return number === undefined
    ? new DomainError("not_found", `Nothing of \`${source}\` had been recorded by ${timestamp}: its version ${first.version} is of ${first.createdAt.toISOString()}.`) // prettier-ignore
    : new DomainError("not_found", `There is no version ${number} of \`${source}\`; it has ${all.map(({ version }) => version).reverse().join(", ")}.`); // prettier-ignore
}

const invalid = (path: string[], message: string) =>
  new DomainError("invalid", message, { issues: [{ path, message }] });
