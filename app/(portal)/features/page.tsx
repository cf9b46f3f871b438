import type { Metadata } from "next";
import { FeaturesPage } from "@/components/features/features-page";
import { Hydrate } from "@/components/ui/hydrate";
import { featureQueries, PAGE_SIZE } from "@/lib/client/features";
import { FeatureQuery } from "@/lib/contracts/features";
import { getFeature } from "@/lib/registry/features/detail";
import { listFeatures } from "@/lib/registry/features/features";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Discover features" };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { principal, workspace } = await portal();
  const { q, sort, preview } = await searchParams;
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  // A link that somebody cut or mistyped still shows the page.
  const parsed = FeatureQuery.safeParse({ workspace: workspace.name, q: first(q), sort: first(sort) });
  const query = parsed.success ? parsed.data : FeatureQuery.parse({ workspace: workspace.name });
  /** A preview of something that is no longer there says so in its place. */
  const previewOf = async (name: string | undefined): Promise<[readonly unknown[], unknown][]> => {
    const feature = name && (await getFeature(principal, workspace.name, name).catch(() => null));
    return feature ? [[featureQueries.detail(workspace.name, feature.name).queryKey, feature]] : [];
  };
  const list = await listFeatures(principal, { ...query, limit: PAGE_SIZE });
  const { queryKey } = featureQueries.search(workspace.name, query.q, query.sort);
  return (
    <Hydrate data={[[queryKey, { pages: [list], pageParams: [null] }], ...(await previewOf(first(preview)))]}>
      <FeaturesPage workspace={workspace.name} total={workspace.counts.features} />
    </Hydrate>
  );
}
