"use client";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { FormError } from "@/components/ui/form-error";
import { issueOf } from "@/components/ui/issues";
import { acceptInvitation } from "@/lib/client/people";
import { PasswordField } from "./password-field";

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
  function submit(event: FormEvent) {
    event.preventDefault();
    accept.mutate();
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <FormError error={accept.error} fields={["name", "password"]} />
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
              error={issueOf(accept.error, "name")}
              required
              withAsterisk={false}
            />
            <PasswordField
              label="Password"
              isNew
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              error={issueOf(accept.error, "password")}
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
