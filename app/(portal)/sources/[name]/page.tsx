import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SourceView } from "@/components/sources/source-view";
import { Hydrate } from "@/components/ui/hydrate";
import { ruleQueries } from "@/lib/client/rules";
import { sourceQueries } from "@/lib/client/sources";
import { DomainError } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getSourceRules } from "@/lib/registry/rules";
import { getSource } from "@/lib/registry/sources";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function SourcePage({ params }: Props) {
  const name = decodeURIComponent((await params).name);
  const { principal, workspace } = await portal();
  const source = await getSource(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const rules = await getSourceRules(principal, workspace.name, name);
  return (
    <Hydrate
      data={[
        [sourceQueries.detail(workspace.name, name).queryKey, source],
        [ruleQueries.ofSource(workspace.name, name).queryKey, rules],
      ]}
    >
      <SourceView workspace={workspace.name} name={name} mayEdit={can(workspace.roles as Role[], "spec:apply")} />
    </Hydrate>
  );
}
