import path from "node:path";
import { ESLint } from "eslint";
import { describe, expect, it } from "vitest";

const root = path.join(import.meta.dirname, "..");

/** Messages of the layer rule on a file that does not exist yet. */
async function refusals(filePath: string, code: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(code, { filePath: path.join(root, filePath) });
  return (result?.messages ?? []).flatMap(({ ruleId, message }) =>
    ruleId === "import-x/no-restricted-paths" ? [message] : [],
  );
}

describe("the layer rule", () => {
  it.each([
    ["of its client", 'import { prisma } from "@/lib/db/client";\nexport const one = prisma;\n'],
    ["of its queue", 'import { takeJob } from "@/lib/db/queue";\nexport const one = takeJob;\n'],
    ["of a row's type", 'import type { Run } from "@/lib/db/generated/client";\nexport type One = Run;\n'],
  ])("keeps the database out of lib/jobs: an import %s", async (_, code) => {
    expect(await refusals("lib/jobs/run/new-handler.ts", code)).toEqual([
      expect.stringMatching(/lib\/jobs may import only .*layers\.mjs/),
    ]);
  });

  it("lets lib/jobs call the registry, and the registry the database", async () => {
    const registry = 'import { claimRun } from "@/lib/registry/execution/claims";\nexport const one = claimRun;\n';
    expect(await refusals("lib/jobs/new-handler.ts", registry)).toEqual([]);
    const database = 'import { prisma } from "@/lib/db/client";\nexport const one = prisma;\n';
    expect(await refusals("lib/registry/runs/new-use-case.ts", database)).toEqual([]);
  });
});
