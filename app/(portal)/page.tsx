import { Greeting } from "@/components/home/greeting";
import { HomePage } from "@/components/home/home-page";
import { Hydrate } from "@/components/ui/hydrate";
import { PageHeader } from "@/components/ui/page-header";
import { homeQueries } from "@/lib/client/home";
import { getHome } from "@/lib/registry/home/home";
import { portal } from "./portal";

export default async function Page() {
  const { principal, workspace } = await portal();
  const { counts } = workspace;
  return (
    <>
      <PageHeader
        title={<Greeting name={principal.name} />}
        facts={`${workspace.title} · ${counts.features} features · ${counts.stages} stages · ${counts.models} models · ${counts.runs} runs`}
      />
      <Hydrate data={[[homeQueries.detail(workspace.name).queryKey, await getHome(principal, workspace.name)]]}>
        <HomePage workspace={workspace.name} />
      </Hydrate>
    </>
  );
}
