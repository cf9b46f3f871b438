import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { FOLDED_COOKIE } from "@/components/shell/folded-cookie";
import { Shell } from "@/components/shell/shell";
import { portal } from "./portal";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { principal, workspace, workspaces } = await portal();
  const folded = (await cookies()).get(FOLDED_COOKIE)?.value === "folded";
  return (
    <Shell
      person={{ id: principal.id, name: principal.name }}
      workspace={workspace}
      workspaces={workspaces}
      initiallyFolded={folded}
    >
      {children}
    </Shell>
  );
}
