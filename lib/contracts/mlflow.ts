import { z } from "zod";
import { Instant } from "./operation";

export const MlflowState = z
  .object({
    state: z
      .enum(["told", "waiting", "refused"])
      .describe("`told`: MLflow has everything; `waiting`: messages wait for it; `refused`: it refused one for good."),
    url: z.string().nullable().describe("Page in MLflow; null before it was told, and without `MLFLOW_TRACKING_URI`."),
    waiting: z.number().int().describe("Messages that wait for MLflow in the workspace."),
    since: Instant.nullable().describe("When the oldest of them was written; null for none."),
    lastError: z.string().nullable().describe("What the last attempt ran into; null when nothing did."),
  })
  .meta({ id: "MlflowState", description: "Whether MLflow was told of something." });
export type MlflowState = z.infer<typeof MlflowState>;

export const MlflowMessages = z
  .object({
    waiting: z.number().int().describe("Messages that wait for MLflow in all workspaces."),
    refused: z.number().int().describe("Messages that it refused for good, as far as the delivery log goes back."),
    since: Instant.nullable().describe("When the oldest that waits was written; null for none."),
  })
  .meta({ id: "MlflowMessages", description: "What MLflow was not told yet." });
