import { prisma } from "@/lib/db/client";
import type { GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import type { Principal } from "@/lib/domain/principal";
import { applyChange, openChange, reviewChange } from "@/lib/registry/changes/changes";

export interface SeededChange {
  feature: string;
  environment: GovernedEnvironment;
  author: Principal;
  /** Tells the change apart from every other, so that a filling that was broken off finds it again. */
  description: string;
  outcome:
    | { state: "in_review" }
    | { state: "applied"; reviewer: Principal; comment: string }
    | { state: "rejected"; reviewer: Principal; comment: string };
}

/** Brings a change request to where it is to stand, from wherever an earlier filling left it. */
export async function ensureChange(workspace: { id: string; name: string }, wanted: SeededChange): Promise<void> {
  const { feature, environment, author, description, outcome } = wanted;
  const known = await prisma().changeRequest.findFirst({
    where: { workspaceId: workspace.id, environment, description, items: { some: { feature: { name: feature } } } },
    select: { id: true, state: true },
  });
  if (known?.state === outcome.state) return;
  const change = known ?? (await openChange(author, { workspace: workspace.name, feature, environment, description }));
  if (outcome.state === "in_review") return;
  const decision = outcome.state === "rejected" ? "reject" : "approve";
  if (change.state === "in_review")
    await reviewChange(outcome.reviewer, change.id, { decision, comment: outcome.comment });
  if (outcome.state === "applied") await applyChange(author, change.id);
}
