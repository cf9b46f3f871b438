import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Hydrate } from "@/components/ui/hydrate";
import { RunView } from "@/components/runs/run-view";
import { runQueries } from "@/lib/client/runs";
import { DomainError } from "@/lib/domain/errors";
import { getRun, listRunLogs } from "@/lib/registry/runs/runs";
import { portal } from "../../portal";

export const metadata: Metadata = { title: "Run" };

const FIRST_LINES = 500;

export default async function RunPage({ params }: { params: Promise<{ runId: string }> }) {
  const { runId } = await params;
  const { principal, workspace } = await portal();
  const run = await getRun(principal, runId).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "not_found") notFound();
    throw error;
  });
  const { items } = await listRunLogs(principal, runId, { limit: FIRST_LINES });
  return (
    <Hydrate data={[[runQueries.detail(runId).queryKey, run]]}>
      <RunView workspace={workspace.name} runId={runId} firstLines={items} />
    </Hydrate>
  );
}
