import type { Invitation, Invited, Person } from "@/lib/contracts/people";
import type { Workspace } from "@/lib/contracts/workspaces";
import { DomainError } from "@/lib/domain/errors";
import type { Role } from "@/lib/domain/roles";
import { invitePerson, listInvitations } from "@/lib/registry/access/invitations";
import { removePerson, updatePerson } from "@/lib/registry/access/members";
import { listPeople } from "@/lib/registry/access/people";
import { createWorkspace, listWorkspaces, setArchived } from "@/lib/registry/access/workspaces";
import type { Connection } from "./spec-registry";

interface NewWorkspace {
  name: string;
  title?: string;
  description: string;
  admin?: { email: string; name: string };
}

/** People and workspaces of the registry, wherever it is. */
export interface PeopleRegistry {
  people(workspace: string): Promise<Person[]>;
  invitations(workspace: string): Promise<Invitation[]>;
  invite(body: { workspace: string; email: string; name: string; roles: Role[] }): Promise<Invited>;
  update(person: Person, change: { workspace: string; roles?: Role[]; disabled?: boolean }): Promise<Person>;
  remove(person: Person, workspace: string): Promise<Person>;
  workspaces(): Promise<Workspace[]>;
  create(body: NewWorkspace): Promise<{ workspace: Workspace; administrator: Invited | null }>;
  archive(name: string, archived: boolean): Promise<Workspace>;
}

export function peopleRegistry({ call, operator }: Connection): PeopleRegistry {
  if (!call)
    return {
      people: (workspace) => listPeople(operator, workspace),
      invitations: (workspace) => listInvitations(operator, workspace),
      invite: (body) => invitePerson(operator, body),
      update: (person, change) => updatePerson(operator, person.id, { scope: "workspace", ...change }),
      remove: (person, workspace) => removePerson(operator, person.id, workspace),
      workspaces: () => listWorkspaces(operator, { archived: true }),
      create: (body) => createWorkspace(operator, body),
      archive: (name, archived) => setArchived(operator, name, archived),
    };
  const items = async <Item>(path: string) => (await call<{ items: Item[] }>("GET", path)).items;
  const inWorkspace = (path: string, workspace: string) => `${path}?workspace=${encodeURIComponent(workspace)}`;
  return {
    people: (workspace) => items(inWorkspace("/api/v1/people", workspace)),
    invitations: (workspace) => items(inWorkspace("/api/v1/invitations", workspace)),
    invite: (body) => call("POST", "/api/v1/people", body),
    update: (person, change) => call("PATCH", `/api/v1/people/${person.id}`, change),
    remove: (person, workspace) => call("DELETE", inWorkspace(`/api/v1/people/${person.id}`, workspace)),
    workspaces: () => items("/api/v1/workspaces?archived=true"),
    create: (body) => call("POST", "/api/v1/workspaces", body),
    archive: (name, archived) =>
      call("POST", `/api/v1/workspaces/${encodeURIComponent(name)}/${archived ? "archive" : "restore"}`),
  };
}

/** The person of an address. Throws `not_found`. */
export async function accountableUser(registry: PeopleRegistry, workspace: string, email: string): Promise<Person> {
  const person = (await registry.people(workspace)).find((one) => one.email === email.toLowerCase());
  if (!person) throw new DomainError("not_found", `Nobody in ${workspace} has the e-mail ${email}. List them to see.`);
  return person;
}
