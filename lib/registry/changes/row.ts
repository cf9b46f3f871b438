import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Principal } from "@/lib/domain/principal";
import { DomainError } from "@/lib/domain/errors";
import { scopeIn, type Scope } from "../scope";

/** A change request by its id, or by its number in a workspace. */
export type ChangeRef = string | { workspace: string; number: number };

/** Newest revision first, oldest review first. */
const PARTS = {
  workspace: { select: { id: true, name: true } },
  feature: { select: { id: true, name: true, owner: true } },
  model: { select: { id: true, name: true } },
  revisions: {
    orderBy: { number: "desc" },
    include: { version: { select: { version: true } }, modelVersion: { select: { version: true } } },
  },
  reviews: { orderBy: [{ createdAt: "asc" }, { id: "asc" }], include: { revision: { select: { number: true } } } },
} as const satisfies Prisma.ChangeRequestInclude;

export type ChangeRow = Prisma.ChangeRequestGetPayload<{ include: typeof PARTS }>;

/** The current revision: every request has at least one. */
export function currentOf(row: ChangeRow): ChangeRow["revisions"][number] {
  const [current] = row.revisions;
  if (!current) throw new Error(`Change request ${row.id} has no revision.`);
  return current;
}

/** What a request is about: a feature, whose pointer moves, or a model, whose alias does. */
export interface ChangeSubject {
  kind: "feature" | "model";
  id: string;
  name: string;
}

export function subjectOf({ id, feature, model }: ChangeRow): ChangeSubject {
  if (feature) return { kind: "feature", id: feature.id, name: feature.name };
  if (model) return { kind: "model", id: model.id, name: model.name };
  throw new Error(`Change request ${id} is about nothing.`);
}

/** The version that a revision proposes. */
export function targetOf(revision: ChangeRow["revisions"][number]): { id: string; version: number } {
  const { versionId, version, modelVersionId, modelVersion } = revision;
  if (versionId !== null && version) return { id: versionId, version: version.version };
  if (modelVersionId !== null && modelVersion) return { id: modelVersionId, version: modelVersion.version };
  throw new Error(`Revision ${revision.id} proposes nothing.`);
}

/** Throws `not_found` for a request that does not exist or is in a workspace that the principal cannot see. */
export async function findChange(
  db: Client | Transaction,
  principal: Principal,
  ref: ChangeRef,
): Promise<{ row: ChangeRow; scope: Scope }> {
  const row = await db.changeRequest.findFirst({
    where: typeof ref === "string" ? { id: ref } : { workspace: { name: ref.workspace }, number: ref.number },
    include: PARTS,
  });
  const what = typeof ref === "string" ? `change request \`${ref}\`` : `change request ${ref.number}`;
  const scope = scopeIn(principal, row?.workspace, what);
  if (!row) throw new DomainError("not_found", `There is no ${what} that you can see.`);
  return { row, scope };
}

export async function findChanges(
  where: Prisma.ChangeRequestWhereInput,
  db: Client,
  take?: number,
): Promise<ChangeRow[]> {
  return db.changeRequest.findMany({ where, include: PARTS, orderBy: { number: "desc" }, ...(take && { take }) });
}

/** The path of a URL says 42, or an id; a number needs its workspace. */
export function changeRefOf(changeId: string, workspace: string | undefined): ChangeRef {
  if (!/^\d{1,9}$/.test(changeId)) return changeId;
  if (workspace === undefined)
    throw new DomainError("invalid", `Change request ${changeId} is a number: add \`?workspace=\` to say of which.`, {
      issues: [{ path: ["query", "workspace"], message: "Missing.", expected: "the name of a workspace" }],
    });
  return { workspace, number: Number(changeId) };
}
