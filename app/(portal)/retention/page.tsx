import type { Metadata } from "next";
import { RetentionPage } from "@/components/retention/retention-page";
import { Hydrate } from "@/components/ui/hydrate";
import { RETENTION_PAGE, retentionQueries } from "@/lib/client/retention";
import { getRetention } from "@/lib/registry/datasets/retention";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Retention" };

export default async function Page() {
  const { principal, workspace } = await portal();
  const first = await getRetention(principal, { workspace: workspace.name, limit: RETENTION_PAGE });
  const pages = { pages: [first], pageParams: [null] };
  return (
    <Hydrate data={[[retentionQueries.pages(workspace.name).queryKey, pages]]}>
      <RetentionPage workspace={workspace.name} />
    </Hydrate>
  );
}
