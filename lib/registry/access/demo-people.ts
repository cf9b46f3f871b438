import { prisma } from "@/lib/db/client";
import type { Role } from "@/lib/domain/roles";
import { type Principal, SYSTEM } from "@/lib/domain/principal";
import { type EventInput, recordEvents } from "../record-event";
import { systemScope } from "../scope";

const PEOPLE = {
  ada: { name: "Ada Lindqvist", title: "Data scientist, delay-analytics", role: "author", group: "delay-analytics" },
  bram: { name: "Bram Okafor", title: "ML engineer, network-planning", role: "author", group: "network-planning" },
  chiara: { name: "Chiara Rossi", title: "Feature steward", role: "steward" },
  devi: { name: "Devi Nair", title: "Auditor", role: "auditor" },
  emil: { name: "Emil Novak", title: "Platform engineer", role: "admin" },
} as const satisfies Record<string, { name: string; title: string; role: Role; group?: string }>;

export type DemoPerson = keyof typeof PEOPLE;

/**
 * Makes the demo's people where they are missing: no passwords, each with one role in this workspace only, and those who make
 * features in the group that owns them.
 */
export async function ensureDemoPeople(workspace: {
  id: string;
  name: string;
}): Promise<Record<DemoPerson, Principal>> {
  const scope = systemScope(workspace);
  return prisma().$transaction(async (tx) => {
    const principals = {} as Record<DemoPerson, Principal>;
    const events: EventInput[] = [];
    const join = async (userId: string, email: string, group: string) => {
      const key = { workspaceId: workspace.id, name: group };
      const by = { createdBy: SYSTEM.id, updatedBy: SYSTEM.id };
      const { id } = await tx.group.upsert({
        where: { workspaceId_name: key },
        create: { ...key, ...by },
        update: {},
      });
      await tx.groupMember.create({ data: { groupId: id, userId, createdBy: SYSTEM.id } });
      events.push({ action: "group.create", object: `group/${group}`, after: { name: group, members: [email] } });
    };
    for (const [key, person] of Object.entries(PEOPLE) as [DemoPerson, (typeof PEOPLE)[DemoPerson]][]) {
      const { name, title, role } = person;
      const email = `${key}@flights.example`;
      const known = await tx.user.findUnique({ where: { email } });
      const user = known ?? (await tx.user.create({ data: { email, name, title, demo: true } }));
      if (!known) {
        await tx.roleBinding.create({
          data: { userId: user.id, scope: "workspace", workspaceId: workspace.id, role, createdBy: SYSTEM.id },
        });
        events.push({ action: "person.create", object: `person/${email}`, after: { email, name, role } });
        if ("group" in person) await join(user.id, email, person.group);
      }
      principals[key] = {
        id: user.id,
        name,
        kind: "user",
        bindings: [{ workspaceId: workspace.id, role }],
        requestId: null,
      };
    }
    await recordEvents(tx, scope, events);
    return principals;
  });
}
