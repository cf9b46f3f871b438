import type { Prisma as Client, Transaction } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import type { Principal } from "@/lib/domain/principal";
import { DomainError } from "@/lib/domain/errors";
import { ITEM, moveOf, type NumberedMove } from "./items";
import { scopeIn, type Scope } from "../scope";

/** A change request by its id, or by its number in a workspace. */
export type ChangeRef = string | { workspace: string; number: number };

/** Newest revision first, oldest review first. */
const PARTS = {
  workspace: { select: { id: true, name: true } },
  revisions: {
    orderBy: { number: "desc" },
    include: { items: { orderBy: { position: "asc" }, include: ITEM } },
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

/** What a revision would move, in its order: one thing in the ordinary case. */
export function movesOf(revision: ChangeRow["revisions"][number]): NumberedMove[] {
  const moves = revision.items.map(moveOf);
  if (moves.length === 0) throw new Error(`Revision ${revision.id} moves nothing.`);
  return moves;
}

/** What a request is called after, reviewed for and found by: the first thing that its current revision would move. */
export function leadOf(row: ChangeRow): NumberedMove {
  return movesOf(currentOf(row))[0] as NumberedMove;
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
