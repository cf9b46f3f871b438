import { createPipeline, listPipelines } from "@/lib/contracts/pipelines";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/plans/pipelines";

export const GET = route(listPipelines, ({ principal, query }) => registry.listPipelines(principal, query));

export const POST = route(createPipeline, ({ principal, body }) => registry.createPipeline(principal, body));
