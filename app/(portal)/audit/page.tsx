import { createLoader, type SearchParams } from "nuqs/server";
import { AskForAccess } from "@/components/audit/ask-for-access";
import { AUDIT_PAGE, auditParsers, auditQueryOf } from "@/components/audit/audit-filters";
import { AuditLog } from "@/components/audit/audit-log";
import { VerifyButton } from "@/components/audit/verify-button";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { auditQueries } from "@/lib/client/audit";
import { AuditFilter } from "@/lib/contracts/audit";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { getAuditFacets, listAuditEvents, listAuditReaders } from "@/lib/registry/audit/audit";
import { portal } from "../portal";

export const metadata = { title: "Audit" };

const load = createLoader(auditParsers);

export default async function AuditPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { name } = workspace;
  const header = (
    <PageHeader title="Audit log" facts="Append-only: every event is chained to the one before by its hash." />
  );
  if (!can(workspace.roles as Role[], "audit:read"))
    return (
      <>
        {header}
        <AskForAccess people={await listAuditReaders(principal, name)} />
      </>
    );
  const query = auditQueryOf(name, await load(searchParams));
  // A date that nobody can read is left to the browser's request, whose answer says what is wrong with it.
  const parsed = AuditFilter.safeParse(query);
  const page = parsed.success && (await listAuditEvents(principal, { ...parsed.data, limit: AUDIT_PAGE }));
  return (
    <>
      {header}
      <Hydrate
        data={[
          [auditQueries.facets(name).queryKey, await getAuditFacets(principal, name)],
          ...(page
            ? [
                [
                  auditQueries.pages({ ...query, limit: AUDIT_PAGE }).queryKey,
                  { pages: [page], pageParams: [null] },
                ] as [readonly unknown[], unknown],
              ]
            : []),
        ]}
      >
        <VerifyButton workspace={name} />
        <AuditLog workspace={name} />
      </Hydrate>
    </>
  );
}
