import { prisma } from "@/lib/db/client";

/** What services logged of a model: what it predicted, or what came of it. */
export type LoggedKind = "predictions" | "outcomes";

export interface LoggedValue {
  /** Join key → its value as text. */
  key: Record<string, string>;
  at: Date;
  value: number;
}

const ROWS_AT_ONCE = 10_000;

export function countLogged(workspaceId: string, model: string, what: LoggedKind): Promise<number> {
  const where = { workspaceId, model };
  return what === "predictions" ? prisma().loggedPrediction.count({ where }) : prisma().loggedOutcome.count({ where });
}

/** In pages of at most 10,000, oldest first: there may be more than fit into memory. */
export async function* readLogged(
  workspaceId: string,
  model: string,
  what: LoggedKind,
): AsyncGenerator<LoggedValue[], void, undefined> {
  let after: string | undefined;
  for (;;) {
    const page = {
      where: { workspaceId, model, ...(after !== undefined && { id: { gt: after } }) },
      orderBy: { id: "asc" },
      take: ROWS_AT_ONCE,
    } as const;
    const rows =
      what === "predictions"
        ? (await prisma().loggedPrediction.findMany(page)).map((row) => ({ ...row, value: row.prediction }))
        : (await prisma().loggedOutcome.findMany(page)).map((row) => ({ ...row, value: row.outcome }));
    after = rows.at(-1)?.id;
    yield rows.map(({ key, at, value }) => ({ key: JSON.parse(key) as Record<string, string>, at, value }));
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
