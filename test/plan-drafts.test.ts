import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import type { DomainError } from "@/lib/domain/errors";
import { SYSTEM } from "@/lib/domain/principal";
import { bindStatements } from "@/lib/engines/bind-statements";
import { engine } from "@/lib/engines/current-engine";
import { problemResponse } from "@/lib/http/problem";
import { previewPlan } from "@/lib/registry/plans/plans";
import { applySpecs } from "@/lib/registry/specs/specs";
import { openTestDatabase } from "./open-test-database";

const data = mkdtempSync(path.join(tmpdir(), "tributary-drafts-"));

beforeAll(async () => {
  vi.stubEnv("TRIBUTARY_DATA", data);
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  await openTestDatabase();
  const documents = readdirSync("prisma/demo").map((file) => ({
    file,
    text: readFileSync(`prisma/demo/${file}`, "utf8"),
  }));
  await applySpecs(SYSTEM, { documents });
});
afterAll(async () => {
  await engine().close();
  await closeDatabase();
  vi.unstubAllEnvs();
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  rmSync(data, { recursive: true, force: true });
});

const draft = (statement: string) => `
kind: Stage
name: airport_quiet
entity: airport
transformer: sql
inputs: [airport.departures_7d]
params:
  statement: ${JSON.stringify(statement)}
outputs: [{ column: airport.segment, type: string }]
`;
const plan = (statement: string) =>
  previewPlan(
    SYSTEM,
    { workspace: "flights", outputs: ["flight.late_probability"], specs: draft(statement) },
    engine(),
    bindStatements,
  );
const GOOD = "SELECT *, CASE WHEN departures_7d < 100 THEN 'quiet' ELSE 'busy' END AS segment FROM __THIS__";

describe("a plan with draft stages", () => {
  it("accepts a statement that runs", async () => {
    expect((await plan(GOOD)).drafts).toEqual([{ kind: "Stage", name: "airport_quiet", action: "create" }]);
  });

  it.each([
    [
      "another type",
      "SELECT *, departures_7d * 2 AS segment FROM __THIS__",
      /declared as string, and the statement returns/,
    ],
    ["no such output", "SELECT *, departures_7d AS other FROM __THIS__", /does not return `segment`/],
    [
      "types that do not go together",
      "SELECT *, date_trunc('day', departures_7d) AS segment FROM __THIS__",
      /cannot run/,
    ],
  ])("refuses one with %s, with its line", async (_, statement, message) => {
    const error = await plan(statement).then(() => null, (thrown: unknown) => thrown as DomainError); // prettier-ignore
    expect(error?.code).toBe("invalid");
    const [issue] = error?.context.issues as { message: string; line: number }[];
    expect(issue?.message).toMatch(message);
    expect(issue?.line).toBeGreaterThan(1);
  });

  it("is refused with 429 and Retry-After while the workspace keeps the engine busy", async () => {
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => plan(GOOD)));
    const refused = answers.flatMap((one) => (one.status === "rejected" ? [one.reason as DomainError] : []));
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(3);
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) {
      const { status, headers } = problemResponse(error, "test");
      expect([status, headers.get("retry-after")]).toEqual([429, "5"]);
    }
    await plan(GOOD);
  });
});
