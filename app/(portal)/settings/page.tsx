import type { Metadata } from "next";
import { SettingsPage } from "@/components/people/settings-page";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { channelQueries } from "@/lib/client/notifications";
import { peopleQueries } from "@/lib/client/people";
import { tokenQueries } from "@/lib/client/tokens";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { listChannels } from "@/lib/registry/notifications/channels";
import { listPeople } from "@/lib/registry/access/people";
import { mayCreateWorkspace } from "@/lib/registry/access/workspaces";
import { listTokens } from "@/lib/registry/access/tokens";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Settings" };

export default async function Page() {
  const { principal, workspace } = await portal();
  const roles = workspace.roles as Role[];
  const list = <Item,>(items: Item[]) => ({ items, total: items.length, nextCursor: null });
  const people = await listPeople(principal, workspace.name);
  const data: [readonly unknown[], unknown][] = [[peopleQueries.list(workspace.name).queryKey, list(people)]];
  if (can(roles, "token:manage"))
    data.push([tokenQueries.list(workspace.name).queryKey, list(await listTokens(principal, workspace.name))]);
  if (can(roles, "channel:manage"))
    data.push([channelQueries.list(workspace.name).queryKey, list(await listChannels(principal, workspace.name))]);
  return (
    <>
      <PageHeader title="Settings" facts={`Of the workspace ${workspace.title}`} />
      <Hydrate data={data}>
        <SettingsPage
          workspace={workspace.name}
          roles={roles}
          me={principal.id}
          email={people.find(({ id }) => id === principal.id)?.email ?? ""}
          mayCreateWorkspace={mayCreateWorkspace(principal)}
        />
      </Hydrate>
    </>
  );
}
