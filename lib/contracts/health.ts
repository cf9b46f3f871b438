import { z } from "zod";
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

export const ready = operation({
  id: "ready",
  method: "GET",
  path: "/api/health/ready",
  summary: "Whether the process can serve: the database answers and is migrated.",
  tag: "health",
  response: Health,
  anonymous: true,
});
