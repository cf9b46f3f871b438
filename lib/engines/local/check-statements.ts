import { splitColumn } from "@/lib/domain/definitions/column-type";
import { DomainError, type Issue } from "@/lib/domain/errors";
import type { StatementFinding, StatementToCheck } from "@/lib/domain/sql/statement-to-check";
import { fitsType } from "./column-fit";
import { firstLine } from "./frame";
import { quoteName, SQL_TYPES } from "./quote";
import { over, parseSelect } from "./select-statement";
import type { Session } from "./session";

/**
 * What is wrong with each statement over columns of the declared types, without a row. Binding evaluates constants, so this is as
 * dangerous as running: it is for a process of its own.
 */
export async function checkStatements(
  session: Session,
  stages: readonly StatementToCheck[],
): Promise<StatementFinding[][]> {
  await session.confine([], [session.scratch]);
  const findings: StatementFinding[][] = [];
  for (const [index, one] of stages.entries())
    findings.push(await check(session, one, quoteName(`statement ${index}`)));
  return findings;
}

async function check(
  session: Session,
  { stage, columns, keys }: StatementToCheck,
  view: string,
): Promise<StatementFinding[]> {
  const path = ["params", "statement"];
  try {
    const text = String(stage.params?.statement ?? "");
    const statement = await parseSelect(
      stage.name,
      text,
      columns.map(({ name }) => name),
    );
    const select = columns.map(({ name, type }) => `CAST(NULL AS ${SQL_TYPES[type]}) AS ${quoteName(name)}`);
    await session.run(`CREATE VIEW ${view} AS SELECT ${select.join(", ") || "NULL AS nothing"} WHERE false`);
    const rows = await session.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM (${over(statement, view)})`,
    );
    const types = new Map(rows.map((row) => [row.column_name, row.column_type]));
    const returned = [...types.keys()].join(", ");
    const outputs = stage.outputs.flatMap(({ column, type }, place): StatementFinding[] => {
      const name = splitColumn(column)[1];
      const found = types.get(name);
      if (found === undefined)
        return [{ path: ["outputs", place, "column"], message: `the statement does not return \`${name}\`.`, expected: name, found: returned }]; // prettier-ignore
      if (fitsType(found, type)) return [];
      return [{ path: ["outputs", place, "type"], message: `\`${column}\` is declared as ${type}, and the statement returns ${found}. Add a CAST or declare the other type.`, expected: type, found }]; // prettier-ignore
    });
    if (stage.from === undefined) return outputs;
    const missing = keys.filter(({ name }) => !types.has(name)).map(({ name }) => name);
    if (missing.length === 0) return outputs;
    return [...outputs, { path, message: `the statement makes rows of ${stage.entity} and must return ${missing.join(", ")}.`, expected: keys.map(({ name }) => name).join(", "), found: returned }]; // prettier-ignore
  } catch (error) {
    if (error instanceof DomainError && error.code !== "invalid") throw error;
    const [issue] = error instanceof DomainError ? ((error.context.issues ?? []) as Issue[]) : [];
    return [
      { path, message: `the statement cannot run: ${issue?.message ?? firstLine(error)}`, found: issue?.found },
    ].map(({ found, ...finding }) => (found === undefined ? finding : { ...finding, found }));
  }
}
