import { z } from "zod";
import { MlflowMessages } from "./mlflow";
import { operation } from "./operation";

const Health = z
  .object({
    status: z.enum(["ok", "starting"]).describe("ok when this process can do its work."),
    version: z.string().describe("Version of the product."),
  })
  .meta({ id: "Health", description: "Whether the process works." });

export const live = operation({
  id: "live",
  method: "GET",
  path: "/api/health/live",
  summary: "Whether the process runs.",
  tag: "health",
  response: Health,
  anonymous: true,
});

const Ready = Health.extend({
  jobs: z
    .enum(["running", "restarting", "elsewhere"])
    .describe("Background work of this process; elsewhere when other processes do it."),
  jobsEnded: z.string().optional().describe("Why the background work ended, while it is being begun again."),
  mlflow: MlflowMessages.nullable().describe(
    "What waits for MLflow; null without one. It keeps nobody from being served.",
  ),
}).meta({ id: "Readiness", description: "Whether the process can serve, and what works beside it." });

export const ready = operation({
  id: "ready",
  method: "GET",
  path: "/api/health/ready",
  summary: "Whether the process can serve: the database answers and is migrated, and there is room on the disk.",
  tag: "health",
  response: Ready,
  anonymous: true,
});
