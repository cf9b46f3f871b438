import { listLineageNeighbours } from "@/lib/contracts/lineage";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/neighbours";

export const GET = route(listLineageNeighbours, ({ principal, query }) => registry.listNeighbours(principal, query));
