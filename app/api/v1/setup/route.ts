import { setUpInstallation } from "@/lib/contracts/people";
import { assertSameOrigin } from "@/lib/auth/same-origin";
import { assertNotSetUp } from "@/lib/auth/sign-in";
import { route } from "@/lib/http/route";
import { createFirstAdministrator } from "@/lib/registry/access/people";

export const POST = route(setUpInstallation, async ({ body, request }) => {
  // No cookie is needed to be the first: a page of another site must not be it through a visitor's browser.
  assertSameOrigin(request);
  await assertNotSetUp();
  const { workspace } = await createFirstAdministrator(body);
  return { email: body.email, workspace };
});
