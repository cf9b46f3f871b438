import type { Metadata } from "next";
import { AddData } from "@/components/sources/add-data";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { portal } from "../../portal";

export const metadata: Metadata = { title: "Add data" };

export default async function AddDataPage() {
  const { workspace } = await portal();
  const mayApply = can(workspace.roles as Role[], "spec:apply");
  return (
    <>
      <PageHeader title="Add data" facts="A file becomes a source: its columns are features, and stages can read it." />
      {mayApply ? (
        <AddData workspace={workspace.name} />
      ) : (
        <EmptyState title="You may not declare sources here">
          Ask an administrator of {workspace.name} for the role author.
        </EmptyState>
      )}
    </>
  );
}
