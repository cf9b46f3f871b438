import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { POST as apply } from "@/app/api/v1/changes/[changeId]/apply/route";
import { POST as rebase } from "@/app/api/v1/changes/[changeId]/rebase/route";
import { POST as review } from "@/app/api/v1/changes/[changeId]/reviews/route";
import { POST as withdraw } from "@/app/api/v1/changes/[changeId]/withdraw/route";
import { POST as open } from "@/app/api/v1/changes/route";
import { newToken } from "@/lib/auth/tokens";
import type { Change } from "@/lib/contracts/changes";
import { operations } from "@/lib/contracts/operations";
import { closeDatabase, prisma } from "@/lib/db/client";
import { createToken } from "@/lib/registry/access/tokens";
import { getChange, openChange, reviewChange } from "@/lib/registry/changes/changes";
import { openTestDatabase } from "./open-test-database";
import { filledRegistry } from "./filled-registry";
import type { Fixture } from "./registry-fixture";

/** Every route that changes a request. One that is added without a test here fails the first test. */
const ROUTES = {
  openChange: open,
  reviewChange: review,
  applyChange: apply,
  rebaseChange: rebase,
  withdrawChange: withdraw,
};

const BOOTSTRAP = "bootstrap-token-for-tests";
const SEGMENT = { feature: "airport.segment", environment: "staging" as const };

let fixture: Fixture;
/** A token with every role, issued to somebody who took no part in the requests. */
let issued = "";

beforeAll(async () => {
  vi.stubEnv("TRIBUTARY_BOOTSTRAP_TOKEN", BOOTSTRAP);
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  await openTestDatabase();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  (globalThis as { tributaryEnvironment?: unknown }).tributaryEnvironment = undefined;
  await closeDatabase();
});
beforeEach(async () => {
  fixture = await filledRegistry();
  const { secret, hash } = newToken();
  const roles = ["author" as const, "steward" as const, "admin" as const];
  await createToken(fixture.people.emil, { workspace: fixture.workspace.name, name: "CI", roles }, hash);
  issued = secret;
});

async function call(route: keyof typeof ROUTES, secret: string, change: { id: string } | null, body: object = {}) {
  const request = new Request("http://127.0.0.1/api/v1/changes", {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
    body: JSON.stringify(body),
  });
  const response = await ROUTES[route](request, { params: Promise.resolve({ changeId: change?.id }) });
  return { status: response.status, body: (await response.json()) as Change & { detail?: string } };
}

const pointer = async () =>
  (
    await prisma().pointer.findUniqueOrThrow({
      where: { featureId_environment: { featureId: fixture.features[SEGMENT.feature] as string, environment: "staging" } },
      include: { version: true },
    })
  ).version.version; // prettier-ignore
const openByAda = () => openChange(fixture.people.ada, { workspace: fixture.workspace.name, ...SEGMENT });
const secrets = () => [issued, BOOTSTRAP];

it("knows every route that changes a request", () => {
  const changing = operations.filter(({ path, method }) => path.startsWith("/api/v1/changes") && method !== "GET");
  expect(changing.map(({ id }) => id).sort()).toEqual(Object.keys(ROUTES).sort());
});

describe("a token", () => {
  it("decides nothing, whatever its roles and whoever it was issued to", async () => {
    const change = await openByAda();
    for (const secret of secrets())
      for (const decision of ["approve", "request_changes", "reject"]) {
        const answer = await call("reviewChange", secret, change, { decision, comment: "from CI" });
        expect(answer).toMatchObject({
          status: 403,
          body: { detail: expect.stringContaining("An approval is a person's decision") as string },
        });
      }
    expect((await getChange(fixture.people.ada, change.id)).reviews).toEqual([]);
    expect((await call("reviewChange", issued, change, { decision: "comment", comment: "Built." })).status).toBe(201);
  });

  it("applies what people have approved, and nothing before", async () => {
    const change = await openByAda();
    for (const secret of secrets()) expect((await call("applyChange", secret, change)).status).toBe(409);
    expect(await pointer()).toBe(1);
    await reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
    expect(await call("applyChange", issued, change)).toMatchObject({ status: 200, body: { state: "applied" } });
    expect(await pointer()).toBe(2);
  });

  it("opens a request that waits for people, not for whom it was issued to", async () => {
    const { status, body } = await call("openChange", issued, null, { workspace: fixture.workspace.name, ...SEGMENT });
    expect([status, body.state]).toEqual([201, "in_review"]);
    expect((await call("applyChange", issued, body)).status).toBe(409);
    await expect(reviewChange(fixture.people.emil, body.id, { decision: "approve" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await reviewChange(fixture.people.chiara, body.id, { decision: "approve" });
    expect((await call("applyChange", issued, body)).status).toBe(200);
  });

  it("makes a revision that people approve anew, and withdraws", async () => {
    const change = await openByAda();
    await reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
    expect((await call("rebaseChange", issued, change)).status).toBe(409);
    await prisma().pointer.deleteMany({
      where: { featureId: fixture.features[SEGMENT.feature], environment: "staging" },
    });
    expect(await call("rebaseChange", issued, change)).toMatchObject({ status: 200, body: { state: "in_review" } });
    expect((await call("applyChange", issued, change)).status).toBe(409);
    expect(await call("withdrawChange", issued, change)).toMatchObject({ status: 200, body: { state: "withdrawn" } });
  });

  it("that approved before only people could does not count any more", async () => {
    const change = await openByAda();
    await reviewChange(fixture.people.chiara, change.id, { decision: "approve" });
    await prisma().review.updateMany({ where: { changeId: change.id }, data: { reviewerId: "token:old" } });
    for (const secret of secrets()) expect((await call("applyChange", secret, change)).status).toBe(409);
  });
});
