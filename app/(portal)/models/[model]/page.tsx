import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ModelView } from "@/components/models/model-view";
import { Hydrate } from "@/components/ui/hydrate";
import { modelQueries } from "@/lib/client/models";
import { DomainError } from "@/lib/domain/errors";
import { getModel } from "@/lib/registry/models/models";
import { portal } from "../../portal";

type Params = Promise<{ model: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).model) };
}

export default async function ModelPage({ params }: { params: Params }) {
  const name = decodeURIComponent((await params).model);
  const { principal, workspace } = await portal();
  const model = await getModel(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[modelQueries.detail(workspace.name, name).queryKey, model]]}>
      <ModelView workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
