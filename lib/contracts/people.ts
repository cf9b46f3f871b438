import { z } from "zod";
import { ROLES } from "@/lib/domain/roles";
import { Instant, listOf, operation, WorkspaceName, WorkspaceQuery } from "./operation";

export const Person = z
  .object({
    id: z.string().describe("The person's id."),
    name: z.string().describe("Name."),
    email: z.string().describe("E-mail, with which they sign in."),
    title: z.string().describe("What they do, in their own words; may be empty."),
    roles: z.array(z.enum(ROLES)).describe("Roles in the workspace, those of the installation included."),
    installationRoles: z.array(z.enum(ROLES)).describe("Roles among them that hold in every workspace."),
    groups: z.array(z.string()).describe("Groups of the workspace that they are a member of."),
    disabled: z.boolean().describe("True when they can no longer sign in."),
    createdAt: Instant.describe("Since when they are known."),
  })
  .meta({ id: "Person", description: "Somebody with a role in a workspace." });
export type Person = z.infer<typeof Person>;

export const Me = z
  .object({
    id: z.string().describe("The caller's id."),
    name: z.string().describe("The caller's name."),
    kind: z.enum(["user", "token", "system"]).describe("A person, an API token, or the product itself."),
    environment: z.string().nullable().describe("The one environment that a token works in; null for all."),
    workspaces: z
      .array(
        z.object({
          name: WorkspaceName,
          roles: z.array(z.enum(ROLES)).describe("The caller's roles there."),
        }),
      )
      .describe("The workspaces that the caller can see."),
  })
  .meta({ id: "Me", description: "Who makes the request." });
export type Me = z.infer<typeof Me>;

export const listPeople = operation({
  id: "listPeople",
  method: "GET",
  path: "/api/v1/people",
  summary: "The people who have a role in the workspace, by name.",
  tag: "people",
  query: WorkspaceQuery,
  response: listOf(Person, "people").meta({ id: "PersonList", description: "People." }),
});

export const getMe = operation({
  id: "getMe",
  method: "GET",
  path: "/api/v1/me",
  summary: "Who makes the request, and with which roles.",
  tag: "people",
  response: Me,
});

const Roles = z
  .array(z.enum(ROLES))
  .min(1, { error: "expected at least one role" })
  .describe("Roles in the workspace.");
const Email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email({ error: "expected an e-mail address" }).max(254, { error: "expected at most 254 characters" }))
  .describe("E-mail address.");
const PersonName = z
  .string()
  .trim()
  .min(1, { error: "expected a name" })
  .max(200, { error: "expected at most 200 characters" })
  .describe("What people call them.");
export const NewPassword = z
  .string()
  .min(12, { error: "expected at least 12 characters" })
  .max(200, { error: "expected at most 200 characters" })
  .describe("At least 12 characters.");
const PersonId = z.object({ personId: z.uuid({ error: "expected a person's id" }).describe("The person's id.") });

export const Invitation = z
  .object({
    id: z.string().describe("Id of the invitation, which is not its link."),
    workspace: WorkspaceName,
    email: z.string().describe("The address that was invited."),
    name: z.string().describe("What the person is called."),
    roles: z.array(z.enum(ROLES)).describe("Roles that they get in the workspace."),
    invitedBy: z.string().describe("Name of who invited them."),
    createdAt: Instant.describe("When."),
    expiresAt: Instant.describe("Until when the link works."),
    state: z.enum(["open", "expired", "accepted", "withdrawn"]).describe("What became of it."),
  })
  .meta({ id: "Invitation", description: "An invitation into a workspace, without its link." });
export type Invitation = z.infer<typeof Invitation>;

export const Invited = z
  .object({
    person: Person.nullable().describe("The person, when they had an account: they have the roles at once."),
    invitation: Invitation.nullable().describe("The invitation, when they have none yet."),
    link: z.string().nullable().describe("The link that they open to set a password, once. Shown in this answer only."),
    mailed: z.boolean().describe("Whether the link was sent to the address as well."),
  })
  .meta({ id: "Invited", description: "What became of asking somebody into a workspace." });
export type Invited = z.infer<typeof Invited>;

export const invitePerson = operation({
  id: "invitePerson",
  method: "POST",
  path: "/api/v1/people",
  summary:
    "Invites somebody into the workspace by a link that works for 7 days. Who has an account gets the roles at once.",
  tag: "people",
  body: z
    .strictObject({ workspace: WorkspaceName, email: Email, name: PersonName, roles: Roles })
    .meta({ id: "InvitePerson", description: "Whom to invite, and as what." }),
  response: Invited,
  status: 201,
});

export const updatePerson = operation({
  id: "updatePerson",
  method: "PATCH",
  path: "/api/v1/people/{personId}",
  summary: "Changes roles of a person, or disables or enables them. Disabling ends their sessions and tokens at once.",
  tag: "people",
  params: PersonId,
  body: z
    .strictObject({
      workspace: WorkspaceName,
      roles: z.array(z.enum(ROLES)).optional().describe("All roles that they have from now on, in the scope."),
      scope: z
        .enum(["workspace", "installation"])
        .default("workspace")
        .describe(
          "Where the roles hold: in this workspace, or in every one. Only administrators of the installation give the latter.",
        ),
      disabled: z.boolean().optional().describe("Whether they may no longer sign in, here or in any other workspace."),
    })
    .meta({ id: "UpdatePerson", description: "What changes of a person." }),
  response: Person,
});

export const removePerson = operation({
  id: "removePerson",
  method: "DELETE",
  path: "/api/v1/people/{personId}",
  summary: "Removes a person from the workspace: their roles, groups and tokens there. Their account stays.",
  tag: "people",
  params: PersonId,
  query: WorkspaceQuery,
  response: Person,
});

export const listInvitations = operation({
  id: "listInvitations",
  method: "GET",
  path: "/api/v1/invitations",
  summary: "The invitations into a workspace, newest first.",
  tag: "people",
  query: WorkspaceQuery,
  response: listOf(Invitation, "invitations").meta({ id: "InvitationList", description: "Invitations." }),
});

const InvitationId = z.object({
  invitationId: z.uuid({ error: "expected an invitation's id" }).describe("Id of the invitation."),
});

export const renewInvitation = operation({
  id: "renewInvitation",
  method: "POST",
  path: "/api/v1/invitations/{invitationId}/renew",
  summary: "Makes another link, valid for 7 days. The one before no longer works.",
  tag: "people",
  params: InvitationId,
  response: Invited,
});

export const withdrawInvitation = operation({
  id: "withdrawInvitation",
  method: "DELETE",
  path: "/api/v1/invitations/{invitationId}",
  summary: "Withdraws an invitation: its link no longer works.",
  tag: "people",
  params: InvitationId,
  response: Invitation,
});

export const acceptInvitation = operation({
  id: "acceptInvitation",
  method: "POST",
  path: "/api/v1/invitations/accept",
  summary: "Accepts an invitation by the secret of its link: makes the account, or gives an existing one the roles.",
  tag: "people",
  anonymous: true,
  body: z
    .strictObject({
      token: z
        .string()
        .min(1, { error: "expected the token of the link" })
        .max(200)
        .describe("The `token` of the link."),
      name: PersonName.optional().describe("What people call them; as invited when left out."),
      password: NewPassword.optional().describe("Of the new account; not needed for an existing one."),
    })
    .meta({ id: "AcceptInvitation", description: "Who accepts." }),
  response: z
    .object({
      email: z.string().describe("The address to sign in with."),
      workspace: WorkspaceName,
      created: z.boolean().describe("Whether the account is new. An existing one keeps its password."),
    })
    .meta({ id: "AcceptedInvitation", description: "An accepted invitation." }),
});

export const PersonSession = z
  .object({
    id: z.string().describe("Id of the session."),
    current: z.boolean().describe("True for the one that asks."),
    createdAt: Instant.describe("When it began."),
    lastSeenAt: Instant.describe("Its newest request, to the minute."),
    expiresAt: Instant.describe("When it ends by itself."),
    address: z.string().describe("Network address that signed in; empty when unknown."),
    userAgent: z.string().describe("The browser, as it names itself."),
  })
  .meta({ id: "PersonSession", description: "A browser in which the caller is signed in." });
export type PersonSession = z.infer<typeof PersonSession>;

export const listSessions = operation({
  id: "listSessions",
  method: "GET",
  path: "/api/v1/me/sessions",
  summary: "The caller's own sessions that last, newest first.",
  tag: "people",
  response: listOf(PersonSession, "sessions").meta({ id: "PersonSessionList", description: "Sessions." }),
});

const Ended = z
  .object({ ended: z.number().int().describe("How many sessions ended.") })
  .meta({ id: "EndedSessions", description: "Sessions that ended." });

export const endSession = operation({
  id: "endSession",
  method: "DELETE",
  path: "/api/v1/me/sessions/{sessionId}",
  summary: "Ends one of the caller's own sessions at once.",
  tag: "people",
  params: z.object({ sessionId: z.uuid({ error: "expected a session's id" }).describe("Id of the session.") }),
  response: Ended,
});

export const endOtherSessions = operation({
  id: "endOtherSessions",
  method: "DELETE",
  path: "/api/v1/me/sessions",
  summary: "Ends all of the caller's own sessions but the one that asks.",
  tag: "people",
  response: Ended,
});

export const changePassword = operation({
  id: "changePassword",
  method: "PUT",
  path: "/api/v1/me/password",
  summary: "Changes the caller's own password and ends all of their sessions, the one that asks included.",
  tag: "people",
  body: z
    .strictObject({
      current: z.string().min(1, { error: "expected the present password" }).max(200).describe("The present password."),
      password: NewPassword,
    })
    .meta({ id: "ChangePassword", description: "The present and the new password." }),
  response: Ended,
});

/** What the set-up asks the first administrator. */
const FirstAdministrator = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, { error: "Say what people call you." })
      .max(200, { error: "At most 200 characters." })
      .describe("What people call them."),
    email: z
      .email({ error: "This is not an e-mail address." })
      .transform((email) => email.toLowerCase())
      .describe("The address to sign in with."),
    password: z
      .string()
      .min(12, { error: "At least 12 characters." })
      .max(200, { error: "At most 200 characters." })
      .describe("At least 12 characters."),
    workspace: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, { error: "Lower-case letters, digits and _, beginning with a letter." })
      .optional()
      .describe("Name of the first workspace, where there is none; `main` when left out."),
  })
  .meta({ id: "FirstAdministrator", description: "Who administers a new installation." });
export type FirstAdministrator = z.infer<typeof FirstAdministrator>;

export const setUpInstallation = operation({
  id: "setUpInstallation",
  method: "POST",
  path: "/api/v1/setup",
  summary: "Makes the first administrator while nobody can sign in; refused with 409 ever after.",
  tag: "people",
  anonymous: true,
  body: FirstAdministrator,
  response: z
    .object({
      email: z.string().describe("The address to sign in with."),
      workspace: WorkspaceName,
    })
    .meta({ id: "SetUpInstallation", description: "An installation with its first administrator." }),
  status: 201,
});
