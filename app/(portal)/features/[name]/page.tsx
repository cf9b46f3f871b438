import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { FeaturePage } from "@/components/features/feature-page";
import { Hydrate } from "@/components/ui/hydrate";
import { experimentQueries, MOST_ON_A_PAGE } from "@/lib/client/experiments";
import { featureQueries } from "@/lib/client/features";
import { ruleQueries } from "@/lib/client/rules";
import { DomainError } from "@/lib/domain/errors";
import { getFeatureRules } from "@/lib/registry/rules/feature-rules";
import { listExperiments } from "@/lib/registry/experiments/search";
import { getFeature } from "@/lib/registry/features/detail";
import { getFeatureProfiles } from "@/lib/registry/profiles/profiles";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}

export default async function Page({ params }: Props) {
  const { principal, workspace } = await portal();
  const name = decodeURIComponent((await params).name);
  const query = { workspace: workspace.name };
  const feature = await orNotFound(getFeature(principal, workspace.name, name));
  const profiles = await getFeatureProfiles(principal, name, query);
  const experiments = await listExperiments(principal, { ...query, q: "", feature: name, limit: MOST_ON_A_PAGE });
  const rules = await getFeatureRules(principal, workspace.name, name);
  return (
    <Hydrate
      data={[
        [experimentQueries.on(workspace.name, { feature: name }).queryKey, experiments],
        [featureQueries.detail(workspace.name, name).queryKey, feature],
        [featureQueries.profiles(workspace.name, name).queryKey, profiles],
        [ruleQueries.ofFeature(workspace.name, name).queryKey, rules],
      ]}
    >
      <FeaturePage workspace={workspace.name} name={name} roles={workspace.roles} />
    </Hydrate>
  );
}

async function orNotFound<Value>(value: Promise<Value>): Promise<Value> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  }
}
