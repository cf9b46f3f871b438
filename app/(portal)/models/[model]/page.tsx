import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ModelComparisonView } from "@/components/models/model-comparison";
import { ModelView } from "@/components/models/model-view";
import { Hydrate, type HydratedQuery } from "@/components/ui/hydrate";
import { modelQueries } from "@/lib/client/models";
import { DomainError } from "@/lib/domain/errors";
import { compareModelVersions } from "@/lib/registry/models/comparison";
import { getModel } from "@/lib/registry/models/models";
import { portal } from "../../portal";

type Params = Promise<{ model: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).model) };
}

type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function ModelPage({ params, searchParams }: { params: Params; searchParams: Search }) {
  const { compare } = await searchParams;
  const name = decodeURIComponent((await params).model);
  const { principal, workspace } = await portal();
  const model = await getModel(principal, workspace.name, name).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const detail: HydratedQuery = [modelQueries.detail(workspace.name, name).queryKey, model];
  if (typeof compare === "string") {
    // What is wrong with the address is said on the page, where it can be mended.
    const comparison = await compareModelVersions(principal, workspace.name, name, compare).catch((error: unknown) => {
      if (error instanceof DomainError) return null;
      throw error;
    });
    const { queryKey } = modelQueries.comparison(workspace.name, name, compare);
    return (
      <Hydrate data={comparison ? [detail, [queryKey, comparison]] : [detail]}>
        <ModelComparisonView workspace={workspace.name} name={name} />
      </Hydrate>
    );
  }
  return (
    <Hydrate data={[detail]}>
      <ModelView workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
