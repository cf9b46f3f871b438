/** What commands of the form `tributary SUBJECT ACTION …` have in common. */
import { DomainError } from "@/lib/domain/errors";
import { nearest } from "@/lib/domain/names/nearest-name";
import { UsageError } from "./arguments";
import { connect, type Connection } from "./spec-registry";

/** What an action answers: for programs, and as lines for people. */
export interface Outcome {
  json: unknown;
  lines: string[];
  /** The exit code; 0 when left out. */
  code?: number;
}

/** Performs an action where the registry is, prints its outcome or what was wrong, and answers the exit code. */
export async function performAt(
  { json, ...place }: { server?: string; token?: string; json: boolean },
  action: (connection: Connection) => Promise<Outcome>,
): Promise<number> {
  let connection: Connection | undefined;
  try {
    connection = await connect(place);
    const outcome = await action(connection);
    console.log(json ? JSON.stringify(outcome.json, null, 2) : outcome.lines.join("\n"));
    return outcome.code ?? 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (json) console.log(JSON.stringify({ code: error.code, detail: error.message, ...error.context }, null, 2));
    else console.error(error.message);
    return 1;
  } finally {
    await connection?.close();
  }
}

/** @param word what was given in the place of an action; empty for nothing */
export function noSuchAction(subject: string, word: string, actions: readonly string[]): UsageError {
  if (word === "") return new UsageError(`${subject} needs an action: ${actions.join(", ")}.`);
  const near = nearest(word, actions);
  return new UsageError(`There is no action ${word} of ${subject}.${near ? ` Did you mean ${near}?` : ""}`);
}
