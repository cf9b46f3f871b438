import { Alert, Divider, Group, Loader, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DemoPeople } from "@/components/people/demo-people";
import { Entrance } from "@/components/people/entrance";
import { PasswordForm } from "@/components/people/password-form";
import { RefreshEvery } from "@/components/people/refresh-every";
import { returnPath } from "@/lib/auth/return-path";
import { principalOfSession } from "@/lib/auth/session";
import { demoPeople, entrance } from "@/lib/auth/sign-in";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { from, error } = await searchParams;
  const to = returnPath(typeof from === "string" ? from : undefined);
  const noWorkspace = error === "no-workspace";
  // Who is signed in but sees no workspace comes back here to enter as somebody else.
  if (!noWorkspace && (await principalOfSession(null))) redirect(to);

  const state = await entrance();
  if (state === "setup") redirect("/setup");
  if (state === "filling") return <Filling />;

  const people = await demoPeople();
  return (
    <Entrance
      title="Sign in"
      lead={
        people.length > 0
          ? "This is the demo: sign in as one of its people. Each person has different permissions."
          : "Features, the pipelines that make them, and who decides about them."
      }
    >
      {noWorkspace && (
        <Alert color="yellow" title="No workspace to show">
          You have no role in any workspace yet. An administrator can give you one; or sign in as somebody else.
        </Alert>
      )}
      {people.length > 0 && (
        <>
          <DemoPeople people={people} to={to} />
          <Divider label="or with e-mail and password" />
        </>
      )}
      <PasswordForm to={to} variant={people.length > 0 ? "default" : "filled"} />
    </Entrance>
  );
}

function Filling() {
  return (
    <Entrance title="Almost there" lead="The demo workspace is being created. Its accounts are ready in a moment.">
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden="true" />
        <Stack gap={0}>
          <Text size="sm">This page continues automatically.</Text>
        </Stack>
      </Group>
      <RefreshEvery seconds={2} />
    </Entrance>
  );
}
