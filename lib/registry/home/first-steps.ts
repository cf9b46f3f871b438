import type { FirstStep } from "@/lib/contracts/home";
import { prisma } from "@/lib/db/client";
import { can, type Verb } from "@/lib/domain/permissions";
import type { Scope } from "../scope";

interface Step {
  name: FirstStep["name"];
  title: string;
  /** What there is of it, in words; null while there is nothing. */
  did: string | null;
  todo: string;
  /** Where it is done, and where what it did is seen. */
  href: string;
  seen: string;
  verb: Verb;
}

/** The steps of moving into a workspace, in order; none once all are done, and none for a demo, which comes furnished. */
export async function listFirstSteps(scope: Scope): Promise<FirstStep[]> {
  const { seedState } = await prisma().workspace.findUniqueOrThrow({
    where: { id: scope.workspace.id },
    select: { seedState: true },
  });
  if (seedState !== null) return [];
  const steps = await listSteps(scope.workspace.id);
  if (steps.every(({ did }) => did !== null)) return [];
  return steps.map(({ name, title, did, todo, href, seen, verb }) => ({
    name,
    title,
    done: did !== null,
    sentence: did ?? todo,
    href: did === null ? href : seen,
    may: can(scope.actor.roles, verb),
  }));
}

async function listSteps(workspaceId: string): Promise<Step[]> {
  const db = prisma();
  const live = { workspaceId, retiredAt: null };
  const source = await db.source.findFirst({ where: live, orderBy: { createdAt: "desc" }, select: { name: true } });
  const sources = await db.source.count({ where: live });
  const declared = [
    counted(await db.stage.count({ where: live }), "stage"),
    counted(await db.featureView.count({ where: live }), "feature view"),
    counted(await db.pipeline.count({ where: live }), "pipeline"),
  ].filter((one) => one !== null);
  const run = await db.run.findFirst({
    where: { workspaceId, state: "succeeded" },
    orderBy: { number: "desc" },
    select: { id: true, number: true, title: true },
  });
  const people = await db.roleBinding.findMany({
    where: { OR: [{ workspaceId }, { workspaceId: null }] },
    distinct: ["userId"],
    select: { userId: true },
  });
  const invited = await db.invitation.count({ where: { workspaceId, openKey: { not: null } } });
  const token = await db.apiToken.findFirst({ where: { workspaceId }, orderBy: { createdAt: "desc" } });
  return [
    {
      name: "data",
      title: "Add data",
      did: source && `${counted(sources, "source")}, the newest is ${source.name}.`,
      todo: "Drop a file, name a path or a table of a database; types, keys and times are proposed.",
      href: "/sources/add",
      seen: "/datasets",
      verb: "spec:apply",
    },
    {
      name: "declare",
      title: "Declare",
      did: declared.length === 0 ? null : `${declared.join(", ")}.`,
      todo: "Say what is made of the data: stages, views and a pipeline, as documents here or with tributary apply.",
      href: "/specs",
      seen: "/stages",
      verb: "spec:apply",
    },
    {
      name: "run",
      title: "Plan and run",
      did: run && `Run ${run.number} succeeded: ${run.title}.`,
      todo: "Choose the outputs, look at the plan, and run it.",
      href: "/plan",
      seen: run ? `/runs/${run.id}` : "/runs",
      verb: "run:start",
    },
    {
      name: "people",
      title: "Invite people",
      did: people.length > 1 || invited > 0 ? peopleWords(people.length, invited) : null,
      todo: "Invite who is to look, declare or decide: nobody approves their own change.",
      href: "/settings?tab=people",
      seen: "/settings?tab=people",
      verb: "member:manage",
    },
    {
      name: "token",
      title: "Make a token",
      did: token && `Token ${token.name} was made.`,
      todo: "Let programs in: services that read features, and CI that plans and applies.",
      href: "/settings?tab=tokens",
      seen: "/settings?tab=tokens",
      verb: "token:manage",
    },
  ];
}

const counted = (n: number, what: string) =>
  n === 0 ? null : `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;

function peopleWords(people: number, invited: number): string {
  const here = people === 1 ? "One person" : `${people} people`;
  return invited === 0 ? `${here} can enter.` : `${here} can enter, and ${invited} ${invited === 1 ? "is" : "are"} invited.`; // prettier-ignore
}
