import { createPipeline, listPipelines } from "@/lib/contracts/pipelines";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/plans/pipelines";
import { createPipeline as create } from "@/lib/registry/specs/create-pipeline";

export const GET = route(listPipelines, ({ principal, query }) => registry.listPipelines(principal, query));

export const POST = route(createPipeline, ({ principal, body }) => create(principal, body));
