import { randomUUID } from "node:crypto";

/** What may stand in logs, audit events and headers as it is. */
const REQUEST_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** The caller's id of a request, where it is one, else a new one. */
export function requestIdOf(header: string | null | undefined): string {
  return header && REQUEST_ID.test(header) ? header : randomUUID();
}
