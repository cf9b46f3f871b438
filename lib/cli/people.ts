import type { Invited } from "@/lib/contracts/people";
import { type Role, ROLES } from "@/lib/domain/roles";
import { noSuchAction, type Outcome, performAt } from "./administration";
import { type Subject as AnySubject, parseWords, UsageError } from "./arguments";
import { type PeopleRegistry, peopleRegistry, accountableUser } from "./people-registry";

type Subject = Exclude<AnySubject, "connections" | "reproduce" | "training-datasets">;

interface Options {
  workspace?: string;
  roles?: string;
  title?: string;
  admin?: string;
  adminName?: string;
}

interface Action {
  /** Names of the words that come after it, for the message when one is missing. */
  words: string[];
  run(registry: PeopleRegistry, words: string[], options: Options): Promise<Outcome>;
}

/** Runs `tributary people …` or `tributary workspaces …` and answers the exit code, as `main` does. */
export async function administer(subject: Subject, argv: string[]): Promise<number> {
  const { action, words, options, json, server, token } = parse(subject, argv);
  return performAt({ server, token, json }, (connection) => action.run(peopleRegistry(connection), words, options));
}

const ACTIONS: Record<Subject, Record<string, Action>> = {
  people: {
    list: {
      words: [],
      run: async (registry, _, options) => {
        const workspace = workspaceOf(options);
        const [people, invitations] = [await registry.people(workspace), await registry.invitations(workspace)];
        const waiting = invitations.filter(({ state }) => state === "open" || state === "expired");
        return {
          json: { people, invitations: waiting },
          lines: [
            ...people.map(
              ({ email, name, roles, disabled }) =>
                `${email}  ${name}  ${roles.join(", ")}${disabled ? "  (disabled)" : ""}`,
            ),
            ...waiting.map(
              ({ email, name, roles, state, expiresAt }) =>
                `${email}  ${name}  ${roles.join(", ")}  (invited, ${state === "open" ? "until" : "expired on"} ${expiresAt.slice(0, 10)})`,
            ),
          ],
        };
      },
    },
    invite: {
      words: ["EMAIL", "NAME"],
      run: async (registry, [email = "", name = ""], options) => {
        const roles = rolesOf(options.roles ?? "viewer");
        const invited = await registry.invite({ workspace: workspaceOf(options), email, name, roles });
        return { json: invited, lines: describeInvited(invited, email) };
      },
    },
    roles: {
      words: ["EMAIL", "ROLE,ROLE"],
      run: (registry, [email = "", roles = ""], options) => change(registry, email, options, { roles: rolesOf(roles) }),
    },
    disable: {
      words: ["EMAIL"],
      run: (registry, [email = ""], options) => change(registry, email, options, { disabled: true }),
    },
    enable: {
      words: ["EMAIL"],
      run: (registry, [email = ""], options) => change(registry, email, options, { disabled: false }),
    },
    remove: {
      words: ["EMAIL"],
      run: async (registry, [email = ""], options) => {
        const workspace = workspaceOf(options);
        const person = await registry.remove(await accountableUser(registry, workspace, email), workspace);
        return { json: person, lines: [`${person.email} was removed from ${workspace}.`] };
      },
    },
  },
  workspaces: {
    list: {
      words: [],
      run: async (registry) => {
        const workspaces = await registry.workspaces();
        return {
          json: workspaces,
          lines: workspaces.map(
            ({ name, title, archivedAt }) =>
              `${name}  ${title}${archivedAt ? `  (archived on ${archivedAt.slice(0, 10)})` : ""}`,
          ),
        };
      },
    },
    create: {
      words: ["NAME"],
      run: async (registry, [name = ""], { title, admin, adminName }) => {
        if ((admin === undefined) !== (adminName === undefined))
          throw new UsageError("--admin EMAIL and --admin-name NAME go together.");
        const made = await registry.create({
          name,
          description: "",
          ...(title && { title }),
          ...(admin && adminName && { admin: { email: admin.toLowerCase(), name: adminName } }),
        });
        const invited = made.administrator ? describeInvited(made.administrator, admin ?? "") : [];
        return { json: made, lines: [`Workspace ${name} was made.`, ...invited] };
      },
    },
    archive: { words: ["NAME"], run: (registry, [name = ""]) => archive(registry, name, true) },
    restore: { words: ["NAME"], run: (registry, [name = ""]) => archive(registry, name, false) },
  },
};

async function change(
  registry: PeopleRegistry,
  email: string,
  options: Options,
  what: { roles?: Role[]; disabled?: boolean },
): Promise<Outcome> {
  const workspace = workspaceOf(options);
  const person = await registry.update(await accountableUser(registry, workspace, email), { workspace, ...what });
  const state = person.disabled ? "disabled" : person.roles.join(", ");
  return { json: person, lines: [`${person.email}: ${state}`] };
}

async function archive(registry: PeopleRegistry, name: string, archived: boolean): Promise<Outcome> {
  const workspace = await registry.archive(name, archived);
  return { json: workspace, lines: [`Workspace ${name} is ${archived ? "archived" : "in use"}.`] };
}

function describeInvited({ person, invitation, link, mailed }: Invited, email: string): string[] {
  if (link === null) return [`${person?.email ?? email} has an account and the roles now.`];
  const sent = mailed ? ` It was sent to ${invitation?.email} as well.` : "";
  return [`Open once, until ${invitation?.expiresAt.slice(0, 10)}:${sent}`, link];
}

function workspaceOf({ workspace }: Options): string {
  if (workspace === undefined) throw new UsageError("--workspace NAME is missing.");
  return workspace;
}

function rolesOf(text: string): Role[] {
  return text.split(",").map((word) => {
    const role = ROLES.find((one) => one === word.trim());
    if (!role) throw new UsageError(`There is no role ${word.trim()}. Expected some of ${ROLES.join(", ")}.`);
    return role;
  });
}

const OPTIONS = {
  workspace: { type: "string" },
  roles: { type: "string" },
  title: { type: "string" },
  admin: { type: "string" },
  "admin-name": { type: "string" },
  server: { type: "string" },
  token: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

function parse(subject: Subject, argv: string[]) {
  const { values, positionals } = parseWords(argv, OPTIONS);
  const [name = "", ...words] = positionals;
  const actions = ACTIONS[subject];
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw noSuchAction(subject, name, Object.keys(actions));
  if (words.length !== action.words.length)
    throw new UsageError(`Expected tributary ${[subject, name, ...action.words].join(" ")}`);
  const { workspace, roles, title, admin, json, server, token } = values;
  const options: Options = { workspace, roles, title, admin, adminName: values["admin-name"] };
  return { action, words, options, json, server, token };
}
