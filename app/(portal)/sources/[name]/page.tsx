import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { SourceView } from "@/components/sources/source-view";
import { Hydrate } from "@/components/ui/hydrate";
import { sourceQueries } from "@/lib/client/sources";
import { DomainError } from "@/lib/domain/errors";
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
  return (
    <Hydrate data={[[sourceQueries.detail(workspace.name, name).queryKey, source]]}>
      <SourceView workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
