"use server";

import { FirstAdministrator } from "@/lib/contracts/people";
import { DomainError } from "@/lib/domain/errors";
import { entrance } from "@/lib/auth/sign-in";
import { createFirstAdministrator } from "@/lib/registry/access/people";

export interface SetUpResult {
  done: boolean;
  /** What is wrong, by field; `form` for the whole. */
  errors: Partial<Record<"name" | "email" | "password" | "workspace" | "form", string>>;
}

/** Makes the first administrator from the form of the set-up page. */
export async function setUp(_before: SetUpResult, form: FormData): Promise<SetUpResult> {
  const parsed = FirstAdministrator.safeParse(Object.fromEntries(form));
  if (!parsed.success) {
    const errors: SetUpResult["errors"] = {};
    for (const issue of parsed.error.issues) errors[issue.path[0] as keyof SetUpResult["errors"]] ??= issue.message;
    return { done: false, errors };
  }
  try {
    if ((await entrance()) !== "setup")
      throw new DomainError("conflict", "This installation already has an administrator. Sign in.");
    await createFirstAdministrator(parsed.data);
    return { done: true, errors: {} };
  } catch (error) {
    if (error instanceof DomainError) return { done: false, errors: { form: error.message } };
    throw error;
  }
}
