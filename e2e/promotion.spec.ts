import type { APIRequestContext } from "playwright/test";
import { expect, test } from "./support/test";

interface Candidate {
  feature: string;
  serves: Record<"dev" | "staging" | "production", number | null>;
  open: Record<"staging" | "production", number | null>;
}

async function candidates(request: APIRequestContext): Promise<Candidate[]> {
  const answer = await request.get("/api/v1/changes/candidates?workspace=flights");
  return ((await answer.json()) as { items: Candidate[] }).items;
}

/** A feature whose version of dev is not in staging and which nobody proposes yet, so that the journey can be walked again. */
async function somethingToPromote(request: APIRequestContext): Promise<Candidate> {
  const found = (await candidates(request)).find(
    ({ serves, open }) => serves.dev !== null && serves.dev !== serves.staging && open.staging === null,
  );
  if (!found) throw new Error("Every feature of the demo is in staging already. Start with a fresh data folder.");
  return found;
}

test("propose, be refused one's own approval, have it approved by another, see pointer and log move", async ({
  signedInAs,
}) => {
  const ada = await signedInAs("ada");
  const { feature, serves } = await somethingToPromote(ada.request);

  await ada.goto(`/changes/new?feature=${feature}`);
  await ada.getByLabel("Why").fill("Seen in dev for a month.");
  await ada.getByRole("button", { name: "Open the request" }).click();
  await expect(ada.getByRole("heading", { level: 1 })).toHaveText(`Promote ${feature} v${serves.dev} to staging`);
  const number = Number(new URL(ada.url()).pathname.split("/").at(-1));

  // The page does not offer it and says why; neither does the API.
  await expect(ada.getByRole("button", { name: "Approve", exact: true })).toBeDisabled();
  await expect(ada.getByText("Ada Lindqvist wrote this change, so somebody else must approve it.")).toBeVisible();
  const refusal = await ada.request.post(`/api/v1/changes/${number}/reviews?workspace=flights`, {
    data: { decision: "approve" },
  });
  expect(refusal.status()).toBe(403);
  expect(await refusal.json()).toMatchObject({ code: "forbidden", detail: expect.stringContaining("somebody else") });
  await expect(ada.getByRole("button", { name: "Apply to staging" })).toBeDisabled();

  // A second request for the same pointer is refused with the number of the first.
  const second = await ada.request.post("/api/v1/changes", {
    data: { workspace: "flights", feature, environment: "staging" },
  });
  expect(second.status()).toBe(409);
  expect(await second.json()).toMatchObject({ number });

  const chiara = await signedInAs("chiara");
  await chiara.goto("/changes?view=waiting");
  await chiara.getByRole("link", { name: `#${number} Promote ${feature}` }).click();
  await chiara.getByRole("tab", { name: "Plan" }).click();
  await expect(chiara.getByRole("table").filter({ hasText: "Stage" })).toBeVisible();
  await chiara.getByLabel("Comment").fill("The evidence is good.");
  await chiara.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(chiara.getByText("It can be applied.")).toBeVisible();
  await expect(chiara.getByRole("listitem").filter({ hasText: "The evidence is good." })).toContainText(
    "Chiara Rossi approved revision 1",
  );

  await ada.reload();
  await ada.getByRole("button", { name: "Apply to staging" }).click();
  await expect(ada.getByText("Applied; nothing left to do.")).toBeVisible();
  const moved = (await candidates(ada.request)).find((candidate) => candidate.feature === feature);
  expect(moved?.serves.staging).toBe(serves.dev);

  const devi = await signedInAs("devi");
  await devi.goto(`/audit?object=${feature}&action=feature.promote`);
  const event = devi.getByRole("row").filter({ hasText: feature }).first();
  await expect(event).toContainText("Ada Lindqvist");
  await event.getByRole("button", { name: /^Details of event/ }).click();
  await expect(devi.getByRole("row").filter({ hasText: "approvedBy" }).last()).toContainText("Chiara Rossi");
});

test("a rejection ends the request with its reason", async ({ signedInAs }) => {
  const bram = await signedInAs("bram");
  const { feature } = await somethingToPromote(bram.request);
  const opened = await bram.request.post("/api/v1/changes", {
    data: { workspace: "flights", feature, environment: "staging" },
  });
  const { number } = (await opened.json()) as { number: number };

  const chiara = await signedInAs("chiara");
  await chiara.goto(`/changes/${number}`);
  await chiara.getByRole("button", { name: "Reject" }).click();
  await expect(chiara.getByText("Say why.")).toBeVisible();
  await chiara.getByLabel("Comment").fill("Not before the summer schedule.");
  await chiara.getByRole("button", { name: "Reject" }).click();
  await expect(chiara.getByText("Rejected; nothing left to do.")).toBeVisible();
  await expect(chiara.getByText("Not before the summer schedule.")).toBeVisible();
  await expect(chiara.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);

  await bram.goto("/changes?view=ended");
  await expect(bram.getByRole("listitem").filter({ hasText: `#${number} ` })).toContainText("rejected");
});
