import { listSourceVersions } from "@/lib/contracts/definitions";
import { noticeSource } from "@/lib/contracts/sources";
import { route } from "@/lib/http/route";
import * as watches from "@/lib/registry/datasets/source-watches";
import { listDefinitionVersions } from "@/lib/registry/definitions/history";

export const GET = route(listSourceVersions, ({ principal, params, query }) =>
  listDefinitionVersions(principal, "Source", params.name, query),
);

export const POST = route(noticeSource, ({ principal, params, query }) =>
  watches.noticeSource(principal, query.workspace, params.name),
);
