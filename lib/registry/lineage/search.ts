import type { z } from "zod";
import type { LineageHit, searchLineage as contract } from "@/lib/contracts/lineage";
import { LINEAGE_KINDS, type LineageKind } from "@/lib/domain/lineage/graph";
import type { Principal } from "@/lib/domain/principal";
import { matchWordsInEach, NO_MATCH, TIERS, type WordMatch } from "@/lib/domain/search/match-words";
import { parseWords } from "@/lib/domain/search/query";
import { objectIndex } from "../catalogue/object-index";
import { featureIndex } from "../features/search-index";
import { openScopeFor } from "../scope";
import { pageOf } from "../paging";

const isLineageKind = (kind: string): kind is LineageKind => (LINEAGE_KINDS as readonly string[]).includes(kind);

/** Nodes that have every word, the best first, by the same rules as discovery; of equals, features come last, the most used first. */
export async function searchNodes(
  principal: Principal,
  query: z.output<(typeof contract)["query"]>,
): Promise<{ items: LineageHit[]; total: number; nextCursor: string | null }> {
  const { workspace } = await openScopeFor(principal, query.workspace, "feature:read");
  const [{ search }, named] = [await featureIndex(workspace), await objectIndex(workspace.id)];
  const [objects, features] = matchWordsInEach([named.text, search.text], parseWords(query.q)) as [
    WordMatch,
    WordMatch,
  ];
  const kinds: readonly LineageKind[] = query.kind ?? LINEAGE_KINDS;
  const tiers: LineageHit[][] = TIERS.map(() => []);
  const add = ({ tiers: own }: WordMatch, at: number, hit: () => Omit<LineageHit, "id" | "retired">) => {
    const tier = own ? (own[at] as number) : 0;
    if (tier === NO_MATCH) return;
    const node = hit();
    tiers[tier]?.push({ id: `${node.kind}:${node.name}`, ...node, retired: false });
  };
  named.objects.forEach(({ kind, name, entity, trait: detail, owner }, at) => {
    if (isLineageKind(kind) && kinds.includes(kind)) add(objects, at, () => ({ kind, name, entity, detail, owner }));
  });
  if (kinds.includes("feature"))
    search.documents.forEach(({ name, entity, type, owner }, at) =>
      add(features, at, () => ({ kind: "feature", name, entity, detail: type, owner })),
    );
  return pageOf(tiers.flat(), query);
}
