/** The jobs of a deployment. */
export const JOB_KINDS = ["fit", "predict_staging", "predict_production"] as const;
export type JobKind = (typeof JOB_KINDS)[number];
