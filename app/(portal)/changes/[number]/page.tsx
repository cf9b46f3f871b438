import { notFound } from "next/navigation";
import { ChangePage } from "@/components/changes/change-page";
import { Hydrate } from "@/components/ui/hydrate";
import { changeQueries } from "@/lib/client/changes";
import { DomainError } from "@/lib/domain/errors";
import { getChange } from "@/lib/registry/changes/changes";
import { portal } from "../../portal";

interface Props {
  params: Promise<{ number: string }>;
}

export async function generateMetadata({ params }: Props) {
  return { title: `Change ${(await params).number}` };
}

export default async function Page({ params }: Props) {
  const { principal, workspace } = await portal();
  const number = Number((await params).number);
  if (!Number.isInteger(number)) notFound();
  const change = await getChange(principal, { workspace: workspace.name, number }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  return (
    <Hydrate data={[[changeQueries.detail(workspace.name, number).queryKey, change]]}>
      <ChangePage workspace={workspace.name} number={number} />
    </Hydrate>
  );
}
