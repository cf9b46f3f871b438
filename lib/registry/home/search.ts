import type { SearchHit, SearchKind, SearchResult } from "@/lib/contracts/search";
import { prisma } from "@/lib/db/client";
import type { Principal } from "@/lib/domain/principal";
import { rankNames } from "@/lib/domain/search/rank-names";
import { tokensOf } from "@/lib/domain/search/tokens";
import { listPeople } from "../access/people";
import { openScopeFor } from "../scope";

/** Names of each kind that are ranked at most; the database has chosen those that contain the words. */
const MOST_CANDIDATES = 300;

/** Kinds with numbers and titles, which come in an order of their own. */
const NUMBERED: ReadonlySet<SearchKind> = new Set(["run", "change", "experiment"]);

type Candidate = Omit<SearchHit, "kind">;
type NamedKind = Exclude<SearchKind, "run" | "change" | "experiment" | "person">;

/** What a few words find in a workspace, `limit` of each kind. Misspelt words are tried when nothing contains them as they are. */
export async function searchEverything(
  principal: Principal,
  query: { workspace: string; q: string; limit: number },
): Promise<SearchResult> {
  const scope = await openScopeFor(principal, query.workspace, "workspace:read");
  const words = tokensOf(query.q);
  if (words.length === 0) return { items: [], total: 0 };
  const people = await listPeople(principal, query.workspace);
  const found = new Map<SearchKind, SearchHit[]>();
  for (const containing of [words, []]) {
    const candidates = {
      ...(await namedCandidates(scope.workspace.id, containing)),
      ...(await numberedCandidates(scope.workspace.id, query.q)),
      person: people.map(({ name, title, roles }) => ({
        name,
        detail: [title, roles.join(", ")].filter(Boolean).join(" · "),
        href: "/settings?tab=people",
      })),
    };
    for (const [kind, items] of Object.entries(candidates) as [SearchKind, Candidate[]][]) {
      const ranked = NUMBERED.has(kind) ? items : rankNames(items, query.q);
      found.set(
        kind,
        ranked.map((item) => ({ kind, ...item })),
      );
    }
    if ([...found.values()].some((hits) => hits.length > 0)) break;
  }
  const hits = [...found.values()];
  return {
    items: hits.flatMap((items) => items.slice(0, query.limit)),
    total: hits.reduce((sum, items) => sum + items.length, 0),
  };
}

/** Live objects whose name or description contains every word. */
async function namedCandidates(workspaceId: string, words: readonly string[]): Promise<Record<NamedKind, Candidate[]>> {
  const contains = (word: string) => ({ contains: word, mode: "insensitive" as const });
  const where = {
    workspaceId,
    retiredAt: null,
    AND: words.map((word) => ({ OR: [{ name: contains(word) }, { description: contains(word) }] })),
  };
  const select = { name: true, description: true };
  // Without words every name is a candidate: the misspelt one is among them.
  const many = { where, select, orderBy: { name: "asc" as const }, ...(words.length > 0 && { take: MOST_CANDIDATES }) };
  const [features, stages, sources, outputs, views, entities, services, splits, pipelines, monitors, models] =
    await Promise.all([
      prisma().feature.findMany({ ...many, select: { ...select, deprecated: true } }),
      prisma().stage.findMany(many),
      prisma().source.findMany(many),
      prisma().datasetVersion.findMany({
        where: { workspaceId, runId: { not: null }, AND: words.map((word) => ({ dataset: contains(word) })) },
        distinct: ["dataset"],
        select: { dataset: true, version: true },
        orderBy: [{ dataset: "asc" }, { version: "desc" }],
      }),
      prisma().featureView.findMany(many),
      prisma().entity.findMany(many),
      prisma().featureService.findMany(many),
      prisma().splitPolicy.findMany(many),
      prisma().pipeline.findMany(many),
      prisma().monitor.findMany(many),
      prisma().model.findMany({
        where: { workspaceId, AND: words.map((word) => ({ name: contains(word) })) },
        select: { name: true, versions: { select: { version: true }, orderBy: { version: "desc" }, take: 1 } },
        orderBy: { name: "asc" },
      }),
    ]);
  const at = (path: string) => (row: { name: string; description: string }) => ({
    name: row.name,
    detail: row.description,
    href: path + encodeURIComponent(row.name),
  });
  return {
    feature: features.map((row) => ({
      ...at("/features/")(row),
      ...(row.deprecated && { detail: `Deprecated. ${row.description}` }),
    })),
    stage: stages.map(at("/stages/")),
    source: sources.map(at("/datasets/")),
    dataset: outputs.map(({ dataset, version }) => ({
      name: dataset,
      detail: `written by runs, newest version ${version}`,
      href: `/datasets/${encodeURIComponent(dataset)}`,
    })),
    view: views.map(at("/views/")),
    entity: entities.map(at("/entities/")),
    service: services.map(at("/services/")),
    split_policy: splits.map(at("/split-policies/")),
    pipeline: pipelines.map(at("/pipelines/")),
    monitor: monitors.map(at("/monitors/")),
    model: models.map((row) => ({
      name: row.name,
      detail: row.versions[0] ? `newest version ${row.versions[0].version}` : "no version yet",
      href: `/models/${encodeURIComponent(row.name)}`,
    })),
  };
}

/** Runs, change requests and experiments: by number ("42", "#42", "run 42") or by words of the title, newest first. */
async function numberedCandidates(
  workspaceId: string,
  q: string,
): Promise<Record<"run" | "change" | "experiment", Candidate[]>> {
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
  return {
    run: exactFirst(runs).map((run) => ({
      name: `Run ${run.number}`,
      detail: `${run.title}, ${run.state}`,
      href: `/runs/${run.id}`,
    })),
    change: exactFirst(changes).map((change) => ({
      name: `Change ${change.number}`,
      detail: `${change.title}, ${change.state.replaceAll("_", " ")}`,
      href: `/changes/${change.number}`,
    })),
    experiment: exactFirst(experiments).map((experiment) => ({
      name: `Experiment ${experiment.number}`,
      detail: `${experiment.title}, ${experiment.outcome ?? experiment.state}`,
      href: `/experiments/${experiment.number}`,
    })),
  };
}
