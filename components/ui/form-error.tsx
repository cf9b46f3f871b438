import { Alert } from "@mantine/core";
import type { ReactNode } from "react";
import { issuesOf } from "./issues";

/**
 * Why a form was refused; nothing while there is no error. What the server found wrong with `fields`, which say it themselves, is not
 * said twice. `children` go on after the message.
 */
export function FormError({
  error,
  title,
  fields = [],
  children,
}: {
  error: Error | null;
  title?: string;
  fields?: readonly string[];
  children?: ReactNode;
}) {
  const issues = issuesOf(error);
  const saidThere = issues.length > 0 && issues.every(({ path }) => path.some((part) => fields.includes(String(part))));
  if (!error || saidThere) return null;
  return (
    <Alert color="red" role="alert" title={title}>
      {error.message} {children}
    </Alert>
  );
}
