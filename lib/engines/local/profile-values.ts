/** The profile of values from a request, by the code that profiles columns of files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ValuesToProfile } from "@/lib/domain/drift/preview-profile";
import type { ColumnProfile } from "@/lib/domain/runs/variant-result";
import { profileAll } from "./profile-columns";
import { CELL, toRequest } from "./profile/column-request";
import { quoteText } from "./quote";
import type { Session } from "./session";

const SQL_TYPES = { double: "DOUBLE", bigint: "BIGINT", string: "VARCHAR", strings: "VARCHAR[]" } as const;

export async function profileValues(
  session: Session,
  { type, values, edges }: ValuesToProfile,
): Promise<Pick<ColumnProfile, "stats" | "histogram" | "equalWidth">> {
  const file = join(session.scratch, "values.json");
  await writeFile(file, values.map((value) => `${JSON.stringify({ x: wellFormed(value) })}\n`).join(""));
  const held = type === "strings" ? "VARCHAR[]" : "VARCHAR";
  const rows =
    values.length === 0
      ? `(SELECT NULL::${held} AS x WHERE false)`
      : `read_json(${quoteText(file)}, format = 'newline_delimited', columns = {x: '${held}'})`;
  await session.run(
    `CREATE TABLE given_values AS SELECT 0::BIGINT AS ${CELL}, CAST(x AS ${SQL_TYPES[type]}) AS x FROM ${rows}`,
  );
  await session.run("CREATE TABLE cell_targets AS SELECT 0::INTEGER AS target, 0::BIGINT AS cell");
  const request = toRequest(
    session,
    {
      column: "values",
      instance: null,
      edges: null,
      ...(edges && {
        equalWidth: { kind: "numeric", edges: [...edges], counts: [], underflow: 0, overflow: 0, missing: 0, nan: 0 },
      }),
    },
    { type, physical: { kind: type === "strings" ? "list" : "scalar", name: "x" }, finite: false },
    "given_values",
    {
      list: [{ part: "all", window: null, cells: [0], reported: true }],
      reference: 0,
      windows: [],
      whole: 0,
      cell: CELL,
      rows: new Map([[0, values.length]]),
    },
  );
  for await (const { found } of profileAll([request], () => undefined)) if (found[0]) return found[0];
  throw new Error("The engine gave no profile of the values.");
}

/** Half a surrogate pair is no text that UTF-8 holds: it becomes the replacement character that decoding would leave. */
function wellFormed(value: ValuesToProfile["values"][number]): ValuesToProfile["values"][number] {
  if (value === null) return null;
  return typeof value === "string" ? Buffer.from(value).toString() : value.map((item) => Buffer.from(item).toString());
}
