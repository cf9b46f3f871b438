"use client";

import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { signIn } from "next-auth/react";
import { type FormEvent, useState } from "react";
import { PasswordField } from "./password-field";
import classes from "./sign-in.module.css";

const SENTENCES: Record<string, string> = {
  CredentialsSignin: "E-mail or password is not right.",
  too_many_attempts: "Too many failed attempts. Wait five minutes, then try again.",
};

/** Signing in with e-mail and password. What exactly was wrong stays unsaid. */
export function PasswordForm({ to, variant }: { to: string; variant: "filled" | "default" }) {
  const [waiting, setWaiting] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setWaiting(true);
    setError(null);
    const answer = await signIn("credentials", {
      email: form.get("email"),
      password: form.get("password"),
      redirect: false,
    }).catch(() => undefined);
    if (answer?.ok) return window.location.assign(to);
    setWaiting(false);
    setError(SENTENCES[answer?.error ?? ""] ?? "The server could not sign you in. Try again in a moment.");
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {error && (
          <Alert color="red" role="alert">
            {error}
          </Alert>
        )}
        <div className={classes.password}>
          <TextInput label="E-mail" name="email" type="email" autoComplete="username" required withAsterisk={false} />
          <PasswordField label="Password" name="password" />
          <Button type="submit" variant={variant} loading={waiting}>
            Sign in
          </Button>
        </div>
      </Stack>
    </form>
  );
}
