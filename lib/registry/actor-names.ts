import { type Prisma, prisma, type Transaction } from "@/lib/db/client";
import { MLFLOW_ACTOR, SYSTEM } from "@/lib/domain/principal";

/** Names of actors by id, for people to read; an id that nobody has any more stays as it is. */
export async function actorNames(
  ids: Iterable<string>,
  db: Prisma | Transaction = prisma(),
): Promise<(id: string) => string> {
  const wanted = [...new Set(ids)];
  const people = wanted.filter((id) => !id.includes(":") && id !== SYSTEM.id);
  const tokens = wanted.filter((id) => id.startsWith("token:")).map((id) => id.slice("token:".length));
  const names = new Map<string, string>([
    [SYSTEM.id, SYSTEM.name],
    [MLFLOW_ACTOR.id, MLFLOW_ACTOR.name],
    ["token:bootstrap", "bootstrap token"],
  ]);
  if (people.length > 0)
    for (const user of await db.user.findMany({
      where: { id: { in: people } },
      select: { id: true, name: true },
    }))
      names.set(user.id, user.name);
  if (tokens.some((id) => id !== "bootstrap"))
    for (const token of await db.apiToken.findMany({
      where: { id: { in: tokens } },
      select: { id: true, name: true },
    }))
      names.set(`token:${token.id}`, `token ${token.name}`);
  return (id) => names.get(id) ?? id;
}
