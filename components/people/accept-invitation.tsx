"use client";

import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { acceptInvitation } from "@/lib/client/people";

/** Name and password of a new account, then straight into the workspace. Who has an account signs in with it. */
export function AcceptInvitation(invitation: { token: string; email: string; name: string; hasAccount: boolean }) {
  const { token, email, hasAccount } = invitation;
  const [name, setName] = useState(invitation.name);
  const [password, setPassword] = useState("");
  const accept = useMutation({
    mutationFn: () => acceptInvitation({ token, ...(!hasAccount && { name, password }) }),
    onSuccess: async ({ workspace, created }) => {
      // When signing in fails, the sign-in page is where to try again.
      if (created) await signIn("credentials", { email, password, redirect: false }).catch(() => undefined);
      window.location.assign(`/?workspace=${workspace}`);
    },
  });
  const issues = accept.error instanceof ApiError ? (accept.error.problem.issues ?? []) : [];
  const issueOf = (field: string) => issues.find(({ path }) => path[0] === field)?.message;
  function submit(event: FormEvent) {
    event.preventDefault();
    accept.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {accept.error && issues.length === 0 && (
          <Alert color="red" role="alert">
            {accept.error.message}
          </Alert>
        )}
        {hasAccount ? (
          <Text size="sm">{email} has an account already. Accept, then sign in with its password.</Text>
        ) : (
          <>
            <TextInput label="E-mail" type="email" autoComplete="username" value={email} readOnly />
            <TextInput
              label="Name"
              autoComplete="name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={issueOf("name")}
              required
              withAsterisk={false}
            />
            <PasswordInput
              label="Password"
              description="At least 12 characters."
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={issueOf("password")}
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
            />
          </>
        )}
        <Button type="submit" loading={accept.isPending || accept.isSuccess}>
          {hasAccount ? "Accept" : "Create account"}
        </Button>
      </Stack>
    </form>
  );
}
