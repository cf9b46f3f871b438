import type { SearchHit, SearchKind, SearchResult } from "@/lib/contracts/search";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { matchWordsInEach, type WordMatch } from "@/lib/domain/search/match-words";
import { parseWords } from "@/lib/domain/search/query";
import { rankItems } from "@/lib/domain/search/search-list";
import { createTextIndex } from "@/lib/domain/search/text-index";
import { tokensOf } from "@/lib/domain/search/tokens";
import { listPeople } from "../access/people";
import { type NamedObject, objectIndex } from "../catalogue/object-index";
import { featureIndex } from "../features/search-index";
import { openScopeFor } from "../scope";

/** Numbered ones that are listed at most; the database has chosen those whose titles contain the words. */
const MOST_CANDIDATES = 300;

/** Where the page of a named object is. */
const PAGE_OF: Record<NamedObject["kind"], string> = {
  source: "/datasets/",
  dataset: "/datasets/",
  stage: "/stages/",
  view: "/views/",
  entity: "/entities/",
  service: "/services/",
  split_policy: "/split-policies/",
  pipeline: "/pipelines/",
  monitor: "/monitors/",
  model: "/models/",
};

/**
 * What a few words find in a workspace, `limit` of each kind, by the same rules as discovery: name, description, owner, tags and
 * metadata. Misspelt words are tried when nothing has them as they are.
 */
export async function searchEverything(
  principal: Principal,
  query: { workspace: string; q: string; limit: number },
): Promise<SearchResult> {
  const { workspace } = await openScopeFor(principal, query.workspace, "workspace:read");
  const words = parseWords(query.q);
  if (words.length === 0) return { items: [], total: 0 };
  const [people, { search }, named] = [
    await listPeople(principal, query.workspace),
    await featureIndex(workspace),
    await objectIndex(workspace.id),
  ];
  const numbered = await numberedCandidates(workspace.id, query.q);
  const peopleIndex = createTextIndex(people.map(({ name, title, roles }) => ({ name, texts: [title, ...roles] })));
  const indexes = [search.text, named.text, peopleIndex];
  const [features, objects, persons] = matchWordsInEach(indexes, words) as [WordMatch, WordMatch, WordMatch];
  const hits: SearchHit[] = [
    ...rankItems(search.documents, features).map(({ name, description, deprecated }): SearchHit => ({
      kind: "feature",
      name,
      detail: deprecated ? `Deprecated. ${description}` : description,
      href: `/features/${encodeURIComponent(name)}`,
    })),
    ...rankItems(named.objects, objects).map(({ kind, name, detail }): SearchHit => ({
      kind,
      name,
      detail,
      href: PAGE_OF[kind] + encodeURIComponent(name),
    })),
    ...numbered,
    ...rankItems(people, persons).map(({ name, title, roles }): SearchHit => ({
      kind: "person",
      name,
      detail: [title, roles.join(", ")].filter(Boolean).join(" · "),
      href: "/settings?tab=people",
    })),
  ];
  const seen = new Map<SearchKind, number>();
  const items = hits.filter(({ kind }) => {
    const count = seen.get(kind) ?? 0;
    seen.set(kind, count + 1);
    return count < query.limit;
  });
  return { items, total: hits.length };
}

/** Runs, change requests and experiments: by number ("42", "#42", "run 42") or by words of the title, newest first. */
async function numberedCandidates(workspaceId: string, q: string): Promise<SearchHit[]> {
  const number = Number(/(?:^|\s|#)(\d{1,9})$/.exec(q.trim())?.[1] ?? NaN);
  const titled = tokensOf(q).map((word) => ({ title: { contains: word, mode: "insensitive" as const } }));
  const where = {
    workspaceId,
    OR: [{ AND: titled }, ...(Number.isInteger(number) ? [{ number }] : [])],
  };
  const newest = { where, orderBy: { number: "desc" as const }, take: MOST_CANDIDATES };
  const [runs, changes, experiments] = await Promise.all([
    prisma().run.findMany({ ...newest, select: { id: true, number: true, title: true, state: true } }),
    prisma().changeRequest.findMany({ ...newest, select: { number: true, title: true, state: true } }),
    prisma().experiment.findMany({ ...newest, select: { number: true, title: true, state: true, outcome: true } }),
  ]);
  const exactFirst = <Row extends { number: number }>(rows: Row[]) =>
    [...rows].sort((one, other) => Number(other.number === number) - Number(one.number === number));
  return [
    ...exactFirst(runs).map((run) => ({
      kind: "run" as const,
      name: `Run ${run.number}`,
      detail: `${run.title}, ${run.state}`,
      href: `/runs/${run.id}`,
    })),
    ...exactFirst(changes).map((change) => ({
      kind: "change" as const,
      name: `Change ${change.number}`,
      detail: `${change.title}, ${change.state.replaceAll("_", " ")}`,
      href: `/changes/${change.number}`,
    })),
    ...exactFirst(experiments).map((experiment) => ({
      kind: "experiment" as const,
      name: `Experiment ${experiment.number}`,
      detail: `${experiment.title}, ${experiment.outcome ?? experiment.state}`,
      href: `/experiments/${experiment.number}`,
    })),
  ];
}
