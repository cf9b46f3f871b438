import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { PlanBuilder } from "@/components/plan/plan-builder";
import { toPlanBody } from "@/components/plan/plan-body";
import { planParsers } from "@/components/plan/plan-parsers";
import { Hydrate } from "@/components/ui/hydrate";
import { planQueries } from "@/lib/client/plans";
import { DomainError } from "@/lib/domain/errors";
import { engine } from "@/lib/jobs/engine";
import { planStart } from "@/lib/registry/plan-start";
import { previewPlan } from "@/lib/registry/plans";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Plan" };

const load = createLoader(planParsers);

export default async function PlanPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const state = await load(searchParams);
  const start = await planStart(principal, workspace.name);
  const body = toPlanBody(workspace.name, state, "");
  // Why there is no plan is explained in its place, by the browser's own question.
  const preview =
    state.outputs.length > 0
      ? await previewPlan(principal, body, engine()).catch((error: unknown) => {
          if (error instanceof DomainError) return null;
          throw error;
        })
      : null;
  return (
    <Hydrate data={preview ? [[planQueries.preview(body).queryKey, preview]] : []}>
      <PlanBuilder workspace={workspace.name} roles={workspace.roles} start={start} />
    </Hydrate>
  );
}
