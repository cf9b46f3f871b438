import type { ReactNode } from "react";
import { Shell } from "@/components/shell/shell";
import { portal } from "./portal";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { principal, workspace, workspaces } = await portal();
  return (
    <Shell person={{ id: principal.id, name: principal.name }} workspace={workspace} workspaces={workspaces}>
      {children}
    </Shell>
  );
}
