/**
 * What a user's SQL may be: one SELECT over `__THIS__`, without files, the network, the catalog, chance or the clock, judged by
 * the tree that DuckDB's own parser makes of it (lib/domain/sql). The session is confined as well (session.ts): this is the
 * readable refusal, that is the lock.
 */
import { DomainError } from "@/lib/domain/errors";
import { readSelect, type SelectReading, THIS } from "@/lib/domain/sql/read-select";
import { SqlRefusal } from "@/lib/domain/sql/sql-refusal";
import { parseSql, withoutSemicolons } from "@/lib/sql/parse-sql";
import { quoteName } from "./quote";

export interface SelectStatement extends Pick<SelectReading, "isProjection" | "ignoresOtherColumns"> {
  /** UTF-8 bytes of the text, which `places` counts. */
  text: Buffer;
  places: SelectReading["places"];
}

/**
 * Throws `invalid` naming the stage and what is not allowed.
 * @param names columns of `__THIS__`
 */
export async function parseSelect(stage: string, text: string, names: readonly string[]): Promise<SelectStatement> {
  const parsed = await parseSql(text);
  try {
    const { places, isProjection, ignoresOtherColumns } = readSelect(parsed, names);
    return { text: Buffer.from(await withoutSemicolons(text, parsed)), places, isProjection, ignoresOtherColumns };
  } catch (error) {
    if (!(error instanceof SqlRefusal)) throw error;
    throw new DomainError("invalid", `The statement of stage ${stage} ${error.problem}.`, {
      issues: [
        {
          path: ["stages", stage, "params", "statement"],
          message: error.message,
          expected: `a single SELECT over ${THIS}`,
          found: error.found.slice(0, 80),
        },
      ],
    });
  }
}

/**
 * The statement with another relation of the session in the place of `__THIS__`, to stand in brackets or at the end. What is
 * text or comment stays as it is.
 * @param relation quoted
 */
export function over({ text, places }: SelectStatement, relation: string): string {
  // In full, so that no WITH table of the statement can have its name.
  const full = `memory.main.${relation}`;
  const pieces: string[] = [];
  let from = 0;
  for (const { offset, hasAlias } of places.toSorted((one, other) => one.offset - other.offset)) {
    pieces.push(text.subarray(from, offset).toString(), hasAlias ? full : `${full} AS ${quoteName(THIS)}`);
    from = offset + (text[offset] === QUOTE ? THIS.length + 2 : THIS.length);
  }
  // A comment at the end ends with its line.
  return `${pieces.join("")}${text.subarray(from).toString()}\n`;
}

const QUOTE = '"'.charCodeAt(0);
