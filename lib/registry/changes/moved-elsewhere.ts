import { prisma } from "@/lib/db/client";
import { PROMOTION_POLICIES } from "@/lib/domain/changes/promotion-policy";
import { DomainError } from "@/lib/domain/errors";
import { MLFLOW_ACTOR } from "@/lib/domain/principal";
import type { Alias } from "../models/aliases";
import { recordEvent } from "../record-event";
import type { Scope } from "../scope";
import { insertChange } from "./insert";

/** Somebody moved an alias in MLflow. */
export interface MoveElsewhere {
  workspace: Scope["workspace"];
  model: string;
  alias: Alias;
  /** MLflow's number of the version that it names there; null when it was deleted. */
  number: string | null;
  /** The version here; null for one that nobody here knows. */
  version: number | null;
  /** The version that it names here; null for none. */
  current: number | null;
}

/**
 * Makes a request of a move in MLflow, in MLflow's name, or records why there is none: the version is not known here, the alias was
 * deleted, a step would be skipped, another request is open. The same move again makes nothing new.
 * @returns whether the alias is to be put back in MLflow: where the environment asks for approval, until it is given
 */
export async function proposeMoveElsewhere(move: MoveElsewhere): Promise<{ isPutBack: boolean }> {
  const { workspace, model, alias, number, version, current } = move;
  const scope: Scope = { actor: MLFLOW_ACTOR, workspace, requestId: null };
  const isPutBack = PROMOTION_POLICIES[alias].approvals > 0;
  await prisma().$transaction(async (tx) => {
    const isOpen = await tx.changeItem.count({
      where: {
        model: { workspaceId: workspace.id, name: model },
        environment: alias,
        modelVersion: { version: version ?? -1 },
        change: { endedAt: null, authorId: MLFLOW_ACTOR.id },
      },
    });
    if (isOpen > 0) return;
    const outcome = await propose();
    await recordEvent(tx, scope, {
      action: "model.alias_elsewhere",
      object: `model/${model}`,
      before: { alias, version: current },
      after: { alias, version, mlflowVersion: number, isPutBack, ...outcome },
    });

    async function propose(): Promise<{ change: number } | { reason: string }> {
      if (number === null)
        return { reason: `Alias ${alias} was deleted in MLflow. An alias cannot be taken away by a request.` };
      if (version === null)
        return { reason: `Version ${number} in MLflow was not made here, so no request can promote it.` };
      const description = `Somebody moved alias ${alias} in MLflow from ${current === null ? "no version" : `version ${current}`} to version ${version} (${number} in MLflow), which does not say who.${isPutBack ? " It was put back there until this request is approved and applied." : ""}`;
      try {
        const change = await insertChange(tx, scope, { workspace: workspace.name, model, version, environment: alias, description }); // prettier-ignore
        return { change: change.number };
      } catch (error) {
        // Refused before anything was written, so that the transaction can go on.
        if (!(error instanceof DomainError)) throw error;
        return { reason: error.message };
      }
    }
  });
  return { isPutBack };
}
