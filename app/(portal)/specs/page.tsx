import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Declare } from "@/components/specs/declare";
import { STARTS } from "@/components/specs/starting-documents";
import { PageHeader } from "@/components/ui/page-header";
import { DEFINITION_PATHS, type DefinitionPath } from "@/lib/contracts/definitions";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Declare" };

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function DeclarePage({ searchParams }: { searchParams: Search }) {
  const { edit, start } = await searchParams;
  const { principal, workspace } = await portal();
  const [path = "", ...rest] = typeof edit === "string" ? edit.split("/") : [];
  const name = rest.join("/");
  const kind = path === "workspaces" ? "Workspace" : DEFINITION_PATHS[path as DefinitionPath];
  if (edit !== undefined && (kind === undefined || name === "")) notFound();
  const newest =
    kind &&
    (await listDefinitionVersions(principal, kind, name, { workspace: workspace.name, limit: 1 }).catch(
      (error: unknown) => {
        if (error instanceof DomainError && error.code === "not_found") notFound();
        throw error;
      },
    ));
  const editing = newest && { file: `${name}.yaml`, text: newest.items[0]?.text ?? "" };
  return (
    <>
      <PageHeader
        title={editing ? `Edit ${name}` : "Declare"}
        facts="Stages, features, views, pipelines and the rest, as documents: what they change is shown before it is applied."
      />
      <Declare
        key={typeof edit === "string" ? edit : ""}
        workspace={workspace.name}
        mayApply={can(workspace.roles as Role[], "spec:apply")}
        {...(editing && { editing })}
        {...(STARTS.includes(start as (typeof STARTS)[number]) && { start: start as (typeof STARTS)[number] })}
      />
    </>
  );
}
