import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { SpecFile } from "@/lib/contracts/specs";
import type { SpecPlan } from "@/lib/contracts/specs";
import { DomainError } from "@/lib/domain/errors";

const PlanFile = z.object({
  tributaryPlan: z.literal(1),
  workspace: z.string(),
  documents: z.array(z.union([SpecFile, z.record(z.string(), z.unknown())])),
  prune: z.boolean(),
  digest: z.string(),
});

/** What `plan --out` wrote: the documents as they were, and the digest of the difference that was shown. */
export type PlanFile = z.infer<typeof PlanFile>;

export async function writePlanFile(
  file: string,
  { workspace, digest }: SpecPlan,
  { documents, prune }: Pick<PlanFile, "documents" | "prune">,
): Promise<void> {
  const plan: PlanFile = { tributaryPlan: 1, workspace, documents, prune, digest };
  await writeFile(file, `${JSON.stringify(plan, null, 2)}\n`);
}

/** The plan in a file; null for what is no plan, such as spec files. Throws `invalid` for a plan that was changed by hand. */
export async function readPlanFile(file: string): Promise<PlanFile | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (!text?.startsWith('{\n  "tributaryPlan"')) return null;
  try {
    return PlanFile.parse(JSON.parse(text));
  } catch {
    throw new DomainError("invalid", `${file} is not a plan as \`tributary plan --out\` writes it. Plan again.`);
  }
}
