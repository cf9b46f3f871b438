import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeSpec } from "@/lib/contracts/spec-documents-write";
import { createLocalEngine } from "@/lib/engines/local/local-engine";
import { INSPECTION_BOUNDS } from "@/lib/engines/request-bounds";
import type { Arguments } from "./arguments";
import { paintFor } from "./print-plan";

/** Prints how a file would be declared, without a server or a registry. Throws as a plan of it would. */
export async function inspectFile({
  words: [location = ""],
  json,
}: Pick<Arguments, "words" | "json">): Promise<number> {
  const scratch = await mkdtemp(path.join(tmpdir(), "tributary-inspect-"));
  try {
    const engine = createLocalEngine({ dataDirectory: scratch, threads: 2, memoryLimit: "1GB" });
    const place = location.startsWith("npm:") ? location : path.resolve(location);
    const { entity, source, ...found } = await engine.inspectFiles({ location: place }, INSPECTION_BOUNDS);
    const spec = [entity, source].map(writeSpec).join("---\n");
    if (json) {
      console.log(JSON.stringify({ ...found, spec }, null, 2));
      return 0;
    }
    const paint = paintFor(process.stderr);
    const { files, rows, isPart, columns, warnings } = found;
    console.error(
      `${isPart ? "The first " : ""}${rows.toLocaleString("en")} rows, ${columns.length} columns in ${files.length === 1 ? "one file" : `${files.length} files`}.`,
    );
    for (const warning of warnings) console.error(`${paint("warning", "yellow")} ${warning}`);
    console.log(spec);
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
