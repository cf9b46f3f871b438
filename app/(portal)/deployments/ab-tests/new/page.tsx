import { createLoader, type SearchParams } from "nuqs/server";
import { newAbTestParsers } from "@/components/ab-tests/ab-test-views";
import { NewAbTestForm } from "@/components/ab-tests/new-ab-test-form";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { type AbTestChoices, listAbTestChoices } from "@/lib/registry/experiments/ab-test-choices";
import { portal } from "../../../portal";

export const metadata = { title: "New A/B test" };

const load = createLoader(newAbTestParsers);

export default async function NewAbTestPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const asked = await load(searchParams);
  const choices = await listAbTestChoices(principal, workspace.name);
  const hindrance = whyNot(choices, can(workspace.roles as Role[], "experiment:edit"));
  return (
    <>
      <PageHeader
        title="New A/B test"
        facts="Two or more deployments of variants of one output, each on its own rows."
      />
      {hindrance ? (
        <EmptyState title={hindrance.title}>{hindrance.sentence}</EmptyState>
      ) : (
        <NewAbTestForm workspace={workspace.name} choices={choices} asked={asked} />
      )}
    </>
  );
}

function whyNot({ deployments, policies }: AbTestChoices, allowed: boolean) {
  if (!allowed)
    return {
      title: "You cannot create A/B tests here",
      sentence: "Authors, stewards and admins do. Ask one of them, or an admin for the role.",
    };
  if (deployments.length < 2)
    return {
      title: "There is nothing to compare yet",
      sentence: "A test needs two deployments of variants of one output. Deploy them first.",
    };
  if (policies.length === 0)
    return {
      title: "No hash split policy yet",
      sentence: "A test needs a SplitPolicy of type hash, with a part for each arm. Declare one in your specs.",
    };
  return null;
}
