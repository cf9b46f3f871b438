import type { Home } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import { describeEvent } from "@/lib/domain/audit/describe-event";
import type { Principal } from "@/lib/domain/principal";
import { listAttentionItems } from "./attention-items";
import { listFirstSteps } from "./first-steps";
import { listWaiting } from "../changes/waiting";
import { listPopular } from "../features/popular";
import { openScopeFor, type Scope } from "../scope";

const MOST_WAITING = 20;
const MOST_EVENTS = 12;

/** What a person should know first: the steps of moving in, what waits for them, what needs attention, what happened, and what many use. */
export async function getHome(principal: Principal, workspace: string): Promise<Home> {
  const scope = await openScopeFor(principal, workspace, "workspace:read");
  const { id } = scope.workspace;
  const [steps, waiting, attention, activity, popular] = await Promise.all([
    listFirstSteps(scope),
    listOldestWaiting(scope),
    listAttentionItems(id),
    listActivity(scope.workspace),
    listPopular(scope.workspace),
  ]);
  return { steps, waiting, attention, concerns: attention, activity, popular };
}

/** What waits for the caller on the page of changes, the oldest first. */
async function listOldestWaiting(scope: Scope): Promise<Home["waiting"]> {
  const waiting = await listWaiting(scope);
  return waiting
    .reverse()
    .slice(0, MOST_WAITING)
    .map(({ number, title, feature, model, environment, author, createdAt }) => ({
      number,
      title,
      feature,
      model,
      environment,
      authorName: author.name,
      openedAt: createdAt,
    }));
}

/** The newest events of the log, without what they changed: that is for those who may read the log. */
async function listActivity(workspace: Scope["workspace"]): Promise<Home["activity"]> {
  const events = await prisma().auditEvent.findMany({
    where: { workspaceId: workspace.id },
    orderBy: { sequence: "desc" },
    take: MOST_EVENTS,
  });
  const sentences = events.map((event) => ({ event, ...describeEvent(event) }));
  const runs = await runPages(workspace, events);
  return sentences.map(({ event, did, object, href }) => ({
    sequence: event.sequence,
    at: event.at.toISOString(),
    actor: event.actorName,
    did,
    object,
    href: href ?? runs.get(event.object) ?? null,
  }));
}

/** The log names runs by number, their pages have ids. */
async function runPages(workspace: Scope["workspace"], events: { object: string }[]): Promise<Map<string, string>> {
  const prefix = `${workspace.name}/run/`;
  const numbers = events
    .filter(({ object }) => object.startsWith(prefix))
    .map(({ object }) => Number(object.slice(prefix.length)))
    .filter(Number.isInteger);
  const runs = await prisma().run.findMany({
    where: { workspaceId: workspace.id, number: { in: numbers } },
    select: { id: true, number: true },
  });
  return new Map(runs.map(({ id, number }) => [prefix + number, `/runs/${id}`]));
}
