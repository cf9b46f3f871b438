import { test } from "playwright/test";

/** How long the first filling of the demo may take on a busy machine, milliseconds. */
const PATIENCE_MS = 15 * 60_000;

/** Before whatever looks at the shared portal, so that no test meets a half-filled one. */
test("the portal answers and its demo workspace is filled", async ({ baseURL }) => {
  test.setTimeout(PATIENCE_MS + 60_000);
  const token = process.env.TRIBUTARY_BOOTSTRAP_TOKEN;
  if (!baseURL || !token)
    throw new Error("Set TRIBUTARY_E2E_URL and the TRIBUTARY_BOOTSTRAP_TOKEN that the portal was started with.");
  const until = Date.now() + PATIENCE_MS;
  let last = "no answer";
  while (Date.now() < until) {
    last = await seedingState(baseURL, token);
    if (last === "ready") return;
    if (last.startsWith("failed")) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`The portal at ${baseURL} is not ready for tests: ${last}.`);
});

async function seedingState(base: string, token: string): Promise<string> {
  try {
    const response = await fetch(new URL("/api/v1/workspaces/flights", base), {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) return `it answers ${response.status}`;
    const { seeding } = (await response.json()) as { seeding: { state: string; message: string } | null };
    return seeding?.state === "failed" ? `failed to fill the demo: ${seeding.message}` : (seeding?.state ?? "ready");
  } catch {
    return "no answer";
  }
}
