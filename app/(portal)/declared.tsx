import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { LISTS, type ListedPath } from "@/components/definitions/declared-kinds";
import { DeclaredListView } from "@/components/definitions/declared-list";
import { DeclareButton } from "@/components/specs/declare-button";
import { DeclaredPage } from "@/components/definitions/declared-page";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { definitionQueries } from "@/lib/client/definitions";
import type { DeclaredPath } from "@/lib/contracts/definitions";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getDeclared, listDeclared } from "@/lib/registry/definitions/declared";
import { portal } from "./portal";

/** The page that lists the declared objects of a kind. */
export async function DeclaredListPage({ path }: { path: ListedPath }) {
  const { principal, workspace } = await portal();
  const list = await listDeclared(principal, path, { workspace: workspace.name, q: "", limit: 1000 });
  const { title, about, noun, start } = LISTS[path];
  return (
    <Hydrate data={[[definitionQueries.list(workspace.name, path).queryKey, list]]}>
      <PageHeader
        title={title}
        facts={about}
        actions={
          can(workspace.roles as Role[], "spec:apply") ? (
            <DeclareButton start={start} label={`New ${noun}`} />
          ) : undefined
        }
      />
      <DeclaredListView workspace={workspace.name} path={path} />
    </Hydrate>
  );
}

type Params = Promise<{ name: string }>;

export async function declaredMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

/** The page of one declared object. */
export async function DeclaredObjectPage({ path, params }: { path: DeclaredPath; params: Params }) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  // A workspace is in itself: each that the person sees has a page, whichever is looked at.
  const place = path === "workspaces" ? name : workspace.name;
  const declared = await getDeclared(principal, path, name, place).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[definitionQueries.detail(place, path, name).queryKey, declared]]}>
      <DeclaredPage workspace={place} path={path} name={name} />
    </Hydrate>
  );
}
