import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import type { Role } from "@/lib/domain/roles";
import { BY } from "./registry-fixture-rows";

const PEOPLE = {
  ada: { name: "Ada Lindqvist", role: "author" },
  bram: { name: "Bram Okafor", role: "author" },
  chiara: { name: "Chiara Rossi", role: "steward" },
  devi: { name: "Devi Nair", role: "auditor" },
  emil: { name: "Emil Novak", role: "admin" },
} as const satisfies Record<string, { name: string; role: Role }>;
export type Person = keyof typeof PEOPLE;

/** The five people, with their role bound in the workspace. They are created once, however many workspaces are filled. */
export async function fillPeople(workspaceId: string): Promise<Record<Person, Principal>> {
  const principals = {} as Record<Person, Principal>;
  for (const [key, { name, role }] of Object.entries(PEOPLE) as [Person, { name: string; role: Role }][]) {
    const email = `${key}@flights.example`;
    const user = await prisma().user.upsert({ where: { email }, create: { email, name, demo: true }, update: {} });
    await prisma().roleBinding.create({
      data: { userId: user.id, scope: "workspace", workspaceId, role, createdBy: BY },
    });
    principals[key] = { id: user.id, name, kind: "user", bindings: [{ workspaceId, role }], requestId: null };
  }
  return principals;
}
