import type { JobKind } from "@/lib/domain/runs/job-kinds";
import type { DeploymentDetail, DeploymentJob } from "@/lib/contracts/deployments";

export const JOB_TITLES: Record<JobKind, string> = {
  fit: "Fit",
  predict_staging: "Predict (staging)",
  predict_production: "Predict (production)",
};

/** What a job does, for somebody who sees it for the first time. */
export function purposeOf(kind: JobKind, { model, outputs }: Pick<DeploymentDetail, "model" | "outputs">): string {
  const written = outputs.join(", ");
  if (kind === "fit")
    return model === null
      ? `Computes ${written}; the variant has no estimators.`
      : `Fits the estimators, evaluates the result, and creates a version of ${model}.`;
  const alias = kind === "predict_staging" ? "staging" : "production";
  return model === null
    ? `Computes ${written} for ${alias}.`
    : `Writes ${written} with the version of ${model} that has the alias ${alias} when it begins.`;
}

/** Why a prediction would not start; null when it would. */
export function whyNotRun(job: DeploymentJob, { actions, state, model }: DeploymentDetail): string | null {
  if (state === "retired") return "It is retired and no longer runs.";
  if (!actions.includes("run")) return "Running needs one of the roles author, steward, admin.";
  if (model !== null && job.alias !== null && job.follows === null)
    return job.alias === "staging"
      ? "No version of the model has the alias staging yet: run the fit job first."
      : "No version of the model has the alias production yet: promote one first.";
  return null;
}

/** Stages that make the variant what it is: those that write what others could write as well. */
export function variantInWords(choice: Record<string, string>, forks: readonly string[]): string {
  const chosen = forks.flatMap((column) => choice[column] ?? []);
  return [...new Set(chosen)].join(" · ") || "the only variant";
}
