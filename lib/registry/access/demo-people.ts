import { prisma } from "@/lib/db/client";
import type { Role } from "@/lib/domain/roles";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import { recordEvents } from "../record-event";
import type { Scope } from "../scope";

const PEOPLE = {
  ada: { name: "Ada Lindqvist", title: "Data scientist, delay-analytics", role: "author" },
  bram: { name: "Bram Okafor", title: "ML engineer, network-planning", role: "author" },
  chiara: { name: "Chiara Rossi", title: "Feature steward", role: "steward" },
  devi: { name: "Devi Nair", title: "Auditor", role: "auditor" },
  emil: { name: "Emil Novak", title: "Platform engineer", role: "admin" },
} as const satisfies Record<string, { name: string; title: string; role: Role }>;

export type DemoPerson = keyof typeof PEOPLE;

/** Makes the demo's people where they are missing: no passwords, each with one role in this workspace only. */
export async function ensureDemoPeople(workspace: {
  id: string;
  name: string;
}): Promise<Record<DemoPerson, Principal>> {
  const scope: Scope = {
    actor: { id: SYSTEM.id, name: SYSTEM.name, kind: "system", roles: ["admin"] },
    workspace,
    requestId: null,
  };
  return prisma().$transaction(async (tx) => {
    const principals = {} as Record<DemoPerson, Principal>;
    const created: { email: string; name: string; role: Role }[] = [];
    for (const [key, { name, title, role }] of Object.entries(PEOPLE) as [DemoPerson, (typeof PEOPLE)[DemoPerson]][]) {
      const email = `${key}@flights.example`;
      const known = await tx.user.findUnique({ where: { email } });
      const user = known ?? (await tx.user.create({ data: { email, name, title, demo: true } }));
      if (!known) {
        await tx.roleBinding.create({
          data: { userId: user.id, workspaceId: workspace.id, role, createdBy: SYSTEM.id },
        });
        created.push({ email, name, role });
      }
      principals[key] = {
        id: user.id,
        name,
        kind: "user",
        bindings: [{ workspaceId: workspace.id, role }],
        requestId: null,
      };
    }
    await recordEvents(
      tx,
      scope,
      created.map((person) => ({ action: "person.create", object: `person/${person.email}`, after: person })),
    );
    return principals;
  });
}
