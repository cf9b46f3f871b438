import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { createLoader, createSerializer, parseAsString, type SearchParams } from "nuqs/server";
import { PlanBuilder } from "@/components/plans/plan-builder";
import { toPlanBody } from "@/components/plans/plan-body";
import { planParsers } from "@/components/plans/plan-parsers";
import { Hydrate } from "@/components/ui/hydrate";
import { planQueries } from "@/lib/client/plans";
import { DomainError } from "@/lib/domain/errors";
import { engine } from "@/lib/engines/current-engine";
import { getModel } from "@/lib/registry/models/models";
import { getPipeline } from "@/lib/registry/plans/pipelines";
import { planStart } from "@/lib/registry/plans/start";
import { previewPlan } from "@/lib/registry/plans/plans";
import { portal } from "../portal";

export const metadata: Metadata = { title: "Plan" };

/** `model` stands for the pipeline that makes it, for who knows the model only. */
const load = createLoader({ ...planParsers, model: parseAsString });
const write = createSerializer(planParsers);

export default async function PlanPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { principal, workspace } = await portal();
  const { model, ...state } = await load(searchParams);
  if (model !== null && state.outputs.length === 0) redirect(write("/plan", { ...state, ...(await planOf(model)) }));
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

/** The outputs and the consumer of a model's pipeline; nothing for a model that is not there. */
async function planOf(model: string): Promise<{ outputs: string[]; consumer: string } | null> {
  const { principal, workspace } = await portal();
  try {
    const { pipeline } = await getModel(principal, workspace.name, model);
    const { outputs } = await getPipeline(principal, workspace.name, pipeline);
    return { outputs, consumer: pipeline };
  } catch (error) {
    if (error instanceof DomainError && error.code === "not_found") return null;
    throw error;
  }
}
