import { notFound } from "next/navigation";
import { AbTestPage } from "@/components/ab-tests/ab-test-page";
import { Hydrate } from "@/components/ui/hydrate";
import { abTestQueries } from "@/lib/client/ab-tests";
import { DomainError } from "@/lib/domain/errors";
import { getAbTest } from "@/lib/registry/experiments/ab-tests";
import { portal } from "../../../portal";

interface Props {
  params: Promise<{ name: string }>;
}

export async function generateMetadata({ params }: Props) {
  return { title: `A/B test ${decodeURIComponent((await params).name)}` };
}

export default async function Page({ params }: Props) {
  const { principal, workspace } = await portal();
  const name = decodeURIComponent((await params).name);
  const test = await getAbTest(principal, { workspace: workspace.name, name }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[abTestQueries.detail(workspace.name, name).queryKey, test]]}>
      <AbTestPage workspace={workspace.name} name={name} />
    </Hydrate>
  );
}
