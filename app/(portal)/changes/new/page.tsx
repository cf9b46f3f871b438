import { createLoader, type SearchParams } from "nuqs/server";
import { newChangeParsers } from "@/components/changes/change-views";
import { NewChangeForm } from "@/components/changes/new-change-form";
import { PageHeader } from "@/components/ui/page-header";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listChangeCandidates } from "@/lib/registry/changes/candidates";
import { portal } from "../../portal";

export const metadata = { title: "New change request" };

const load = createLoader(newChangeParsers);

export default async function NewChangePage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const asked = await load(searchParams);
  return (
    <>
      <PageHeader
        title="New change request"
        facts="No environment is skipped: staging takes what dev serves, or any version of a model; production takes what staging serves."
      />
      <NewChangeForm
        workspace={workspace.name}
        candidates={await listChangeCandidates(principal, workspace.name)}
        asked={asked}
        allowed={can(workspace.roles as Role[], "feature:propose")}
      />
    </>
  );
}
