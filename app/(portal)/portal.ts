import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { principalOfSession } from "@/lib/auth/session";
import type { Workspace } from "@/lib/contracts/workspaces";
import type { Principal } from "@/lib/domain/principal";
import { listWorkspaces } from "@/lib/registry/access/workspaces";

/** What every page of the portal begins with: who looks, and into which workspace. */
export interface Portal {
  principal: Principal;
  workspace: Workspace;
  workspaces: Workspace[];
}

const WORKSPACE_COOKIE = "tributary-workspace";

/**
 * Resolves the person and the workspace once per request. Strangers go to sign in and come back. The workspace is the one of the
 * URL (`?workspace=`, which proxy.ts turns into the header), else the one chosen last, else the first.
 */
export const portal = cache(async (): Promise<Portal> => {
  const request = await headers();
  const principal = await principalOfSession(request.get("x-request-id"));
  if (!principal) redirect(`/sign-in?from=${encodeURIComponent(request.get("x-path") ?? "/")}`);
  const workspaces = await listWorkspaces(principal);
  const wanted = request.get("x-workspace") ?? (await cookies()).get(WORKSPACE_COOKIE)?.value;
  const workspace = workspaces.find((candidate) => candidate.name === wanted) ?? workspaces[0];
  if (!workspace) redirect("/sign-in?error=no-workspace");
  return { principal, workspace, workspaces };
});
