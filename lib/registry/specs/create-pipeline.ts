import type { PipelineBody, PipelineDetail } from "@/lib/contracts/pipelines";
import { toPins } from "@/lib/domain/plans/pins";
import type { Principal } from "@/lib/domain/principal";
import { getPipeline } from "../plans/pipelines";
import { applySpecs } from "./specs";

/**
 * Stores a plan as a Pipeline document, through the same rules and with the same audit event as applying it. Throws
 * `conflict` when the workspace has a pipeline of that name, and `invalid` with every issue of the definition.
 */
export async function createPipeline(principal: Principal, body: PipelineBody): Promise<PipelineDetail> {
  const { workspace, pins, ...fields } = body;
  const document = { kind: "Pipeline", ...fields, ...(pins && { pins: toPins(pins) }) };
  await applySpecs(principal, { workspace, documents: [document], onlyNew: true });
  return getPipeline(principal, workspace, body.name);
}
