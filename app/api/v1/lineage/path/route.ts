import { findLineagePath } from "@/lib/contracts/lineage-paths";
import { route } from "@/lib/http/route";
import * as registry from "@/lib/registry/lineage/paths";

export const GET = route(findLineagePath, ({ principal, query }) => registry.findPath(principal, query));
