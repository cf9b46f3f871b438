/** Small documents for faults, and a process to be killed in the middle of applying them. Argument: the folder of an embedded database. */
import { openDatabase } from "@/lib/db/client";
import { SYSTEM } from "@/lib/domain/principal";
import { countStatements, stoppingAt } from "@/test/statement-faults";
import { applySpecs } from "./specs";

/** A workspace of one object of most kinds; `version` changes them all, and what the stage computes. */
export function smallWorkspace(name: string, version: number): Record<string, unknown>[] {
  const description = `version ${version}`;
  return [
    { kind: "Workspace", name, description },
    { kind: "Entity", name: "item", description, joinKeys: [{ name: "id", type: "bigint" }] },
    {
      kind: "Source",
      name: "items",
      entity: "item",
      format: "csv",
      location: "items.csv",
      rowKey: ["id"],
      owner: `team_${version}`,
      description,
      columns: [
        { name: "id", type: "bigint" },
        { name: `a${version}`, type: "double" },
        { name: "b", type: "double" },
      ],
    },
    {
      kind: "Stage",
      name: "added",
      entity: "item",
      transformer: "sql",
      inputs: ["item.b"],
      outputs: [{ column: "item.c", type: "double" }],
      params: { statement: `SELECT *, b + ${version} AS c FROM __THIS__` },
    },
    { kind: "Feature", name: "item.c", type: "double", description },
    { kind: "FeatureView", name: "items", entity: "item", columns: ["b", "c"], ttl: "30d", online: true, description },
    { kind: "FeatureService", name: "scoring", features: ["items:c"], description },
  ];
}

/** Applies version 1, and is to be killed with all of version 2 written and not committed. */
async function applyUntilKilled(directory: string): Promise<void> {
  await openDatabase({ directory });
  const apply = (name: string, version: number) =>
    applySpecs(SYSTEM, { workspace: name, documents: smallWorkspace(name, version), prune: true });
  await apply("twin", 1);
  const statements = await countStatements(() => apply("twin", 2));
  await apply("killed", 1);
  // The last one is the commit.
  await stoppingAt(statements, () => process.stdout.write("middle killed\n"), () => apply("killed", 2)); // prettier-ignore
}

if (process.argv[1]?.endsWith("apply-faults.test-support.mjs")) {
  // It waits for an answer that never comes.
  setInterval(() => undefined, 1000);
  await applyUntilKilled(process.argv[2] ?? "");
}
