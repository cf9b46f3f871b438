"use client";

import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { signIn } from "next-auth/react";
import { type ChangeEvent, useActionState, useEffect, useState } from "react";
import { PasswordField } from "./password-field";

type Errors = Partial<Record<"name" | "email" | "password" | "workspace" | "form", string>>;
interface Result {
  done: boolean;
  errors: Errors;
}

/** The first administrator, and the first workspace when `askWorkspace`. Signs in when it is done. */
export function SetupForm({
  setUp,
  askWorkspace,
}: {
  setUp: (before: Result, form: FormData) => Promise<Result>;
  askWorkspace: boolean;
}) {
  const [values, setValues] = useState({ name: "", email: "", password: "", workspace: "main" });
  const [result, submit, waiting] = useActionState(setUp, { done: false, errors: {} });
  const { email, password } = values;

  useEffect(() => {
    if (!result.done) return;
    // When signing in fails, the sign-in page is where to try again.
    void signIn("credentials", { email, password, redirect: false }).finally(() => window.location.assign("/"));
  }, [result.done, email, password]);

  const field = (name: keyof typeof values) => ({
    name,
    value: values[name],
    error: result.errors[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => setValues({ ...values, [name]: event.currentTarget.value }),
    required: true,
    withAsterisk: false,
  });

  return (
    <form action={submit}>
      <Stack gap="sm">
        {result.errors.form && (
          <Alert color="red" role="alert">
            {result.errors.form}
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
        <Button type="submit" loading={waiting || result.done}>
          Create the administrator
        </Button>
      </Stack>
    </form>
  );
}
