/** What a refusal of the database means, wherever the client put it. */

/** What the database, or the client, calls an error: an SQLSTATE, a code of the client, or null. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  const { driverAdapterError } = (meta ?? {}) as Record<string, unknown>;
  return [
    ...[code, originalCode].filter((one) => typeof one === "string"),
    ...codesOf(cause, depth + 1),
    ...codesOf(driverAdapterError, depth + 1),
  ];
}

/** unique_violation, deadlock_detected, serialization_failure. */
const OVERTAKEN = new Set(["23505", "40P01", "40001"]);

/** Whether somebody else's transaction came first: what was worked out before it has to be worked out again. */
export const isOvertaken = (error: unknown): boolean => codesOf(error).some((code) => OVERTAKEN.has(code));

/** undefined_table. */
export const isMissingTable = (error: unknown): boolean => codesOf(error).includes("42P01");

/** The client's: no connection in time, and a transaction that did not begin or end in time. */
const BUSY = new Set(["P1008", "P2024", "P2028"]);
/** The client's, the operating system's and the server's: nobody answers, or no more than it has already. */
const AWAY = new Set(["P1001", "P1002", "P1017", "ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "53300", "57P01", "57P02", "57P03", "08000", "08003", "08006"]); // prettier-ignore

/** A sentence on a database that could not do now what it can do later, with what to do; null for any other error. */
export function whyDatabaseUnavailable(error: unknown): string | null {
  const codes = codesOf(error);
  if (codes.some((code) => BUSY.has(code)))
    return "The registry's database is busy and did not get to this in time. Nothing was changed. Try again in a moment; if it goes on, give the machine more to work with or set DATABASE_URL to a Postgres server.";
  if (codes.some((code) => AWAY.has(code)))
    return "The registry's database does not answer. Nothing was changed that was not confirmed. Try again in a moment; if it goes on, read the server's log, and where DATABASE_URL is set see that its server runs.";
  return null;
}
