"use client";

import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { type ChangeEvent, type FormEvent, useState } from "react";
import { ApiError } from "@/lib/client/api";
import { setUpInstallation } from "@/lib/client/people";
import { PasswordField } from "./password-field";

/** The first administrator, and the first workspace when `askWorkspace`. Signs in when it is done. */
export function SetupForm({ askWorkspace }: { askWorkspace: boolean }) {
  const [values, setValues] = useState({ name: "", email: "", password: "", workspace: "main" });
  const setUp = useMutation({
    mutationFn: () => {
      const { workspace, ...person } = values;
      return setUpInstallation({ ...person, ...(askWorkspace && { workspace }) });
    },
    onSuccess: async ({ email }) => {
      // When signing in fails, the sign-in page is where to try again.
      await signIn("credentials", { email, password: values.password, redirect: false }).catch(() => undefined);
      window.location.assign("/");
    },
  });
  const issues = setUp.error instanceof ApiError ? (setUp.error.problem.issues ?? []) : [];
  function submit(event: FormEvent) {
    event.preventDefault();
    setUp.mutate();
  }

  const field = (name: keyof typeof values) => ({
    name,
    value: values[name],
    error: issues.find(({ path }) => path[0] === name)?.message,
    onChange: (event: ChangeEvent<HTMLInputElement>) => setValues({ ...values, [name]: event.currentTarget.value }),
    required: true,
    withAsterisk: false,
  });

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {setUp.error && issues.length === 0 && (
          <Alert color="red" role="alert">
            {setUp.error.message}
          </Alert>
        )}
        <TextInput label="Name" autoComplete="name" {...field("name")} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...field("email")} />
        <PasswordField label="Password" isNew {...field("password")} />
        {askWorkspace && (
          <TextInput
            label="First workspace"
            description="Its name in addresses and specs: lower-case letters, digits and _."
            {...field("workspace")}
          />
        )}
        <Button type="submit" loading={setUp.isPending || setUp.isSuccess}>
          Create the administrator
        </Button>
      </Stack>
    </form>
  );
}
