import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { ColumnType } from "@/lib/domain/definitions/column-type";
import type { SourceDefinition } from "@/lib/domain/definitions/source";
import { judgeRule } from "@/lib/domain/rules/judge-rule";
import type { RuleResult } from "@/lib/domain/rules/rule-result";
import type { Rule } from "@/lib/domain/definitions/rule";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { openSession } from "@/lib/engines/local/session";

export interface FixtureRows {
  /** What the product says of the rows, rule by rule, by the way that a source's data take. */
  check: (rules: readonly Rule[]) => Promise<RuleResult[]>;
  remove: () => Promise<void>;
}

/** The rows that Great Expectations was asked about, as a source in a Parquet file. */
export async function writeFixtureRows(fixture: { columns: object; rows: unknown[][] }): Promise<FixtureRows> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "great-expectations-"));
  const options = { dataDirectory: directory, threads: 1, memoryLimit: "500MB" };
  const columns = Object.entries(fixture.columns as Record<string, ColumnType>).map(([name, type]) => ({ name, type }));
  const [json, parquet] = [path.join(directory, "rows.json"), path.join(directory, "rows.parquet")];
  const objects = fixture.rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
  await writeFile(json, JSON.stringify(objects));
  const session = await openSession(options);
  const types = columns.map(({ name, type }) => `"${name}": '${type === "string" ? "VARCHAR" : type}'`);
  await session.run(
    `COPY (SELECT * FROM read_json('${json}', columns = {${types.join(", ")}})) TO '${parquet}' (FORMAT parquet)`,
  );
  await session.close();
  const source: SourceDefinition = {
    kind: "Source",
    name: "rows",
    entity: "row",
    format: "parquet",
    location: parquet,
    columns,
    rowKey: ["id"],
  };
  const engine = createLocalEngine(options);
  const described = await engine.describe(source);
  return {
    async check(rules) {
      const measured = await engine.measureRules(source, { ...described, version: 1 }, rules);
      return measured.map((one, at) => judgeRule(rules[at] as Rule, one));
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
