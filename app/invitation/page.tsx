import { Alert, Paper, Text } from "@mantine/core";
import type { Metadata } from "next";
import { AcceptInvitation } from "@/components/people/accept-invitation";
import { Entrance } from "@/components/people/entrance";
import { DomainError } from "@/lib/domain/errors";
import { readInvitation } from "@/lib/registry/access/invitations";

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" };

/** Where the link of an invitation leads. */
export default async function InvitationPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { token } = await searchParams;
  const secret = typeof token === "string" ? token : "";
  const invitation = await readInvitation(secret).catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  if (invitation instanceof DomainError)
    return (
      <Entrance title="Invitation" lead="This invitation link is not valid.">
        <Alert color="yellow" role="alert">
          {invitation.message}
        </Alert>
        <Text size="sm">
          <a href="/sign-in">Sign in</a>
        </Text>
      </Entrance>
    );
  const { name, email, workspace, roles, invitedBy, hasAccount } = invitation;
  return (
    <Entrance
      title={`Welcome, ${name}`}
      lead={`${invitedBy} invites you to the workspace ${workspace}, as ${roles.join(", ")}.`}
    >
      <Paper withBorder p="md" maw={400}>
        <AcceptInvitation token={secret} email={email} name={name} hasAccount={hasAccount} />
      </Paper>
    </Entrance>
  );
}
