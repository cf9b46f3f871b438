import { z } from "zod";
import { FeaturePicture } from "./feature-detail";
import { ColumnName, Instant, operation, WorkspaceQuery } from "./operation";

export const HomeChange = z
  .object({
    number: z.number().int().describe("Number of the request."),
    title: z.string().describe("What it is about."),
    feature: ColumnName.nullable().describe("The feature whose pointer would move; null when it is about a model."),
    model: z.string().nullable().describe("The model whose alias would move; null when it is about a feature."),
    environment: z.string().describe("The environment whose pointer would move."),
    authorName: z.string().describe("Who asks."),
    openedAt: Instant.describe("Since when."),
  })
  .meta({ id: "HomeChange", description: "A change request that the caller may decide." });

export const AttentionItem = z
  .object({
    kind: z
      .enum(["drift", "run", "leak", "alert", "quarantine"])
      .describe(
        "What is wrong: a feature drifts, a run failed, a test score leaks, a monitor alerts, data failed a rule.",
      ),
    title: z.string().describe("What it is about."),
    sentence: z.string().describe("What is wrong with it."),
    href: z.string().describe("The page that shows it."),
    at: Instant.describe("Since when it is known."),
  })
  .meta({ id: "AttentionItem", description: "Something that needs attention." });
export type AttentionItem = z.infer<typeof AttentionItem>;

export const HomeActivity = z
  .object({
    sequence: z.number().int().describe("Position in the audit log."),
    at: Instant.describe("When."),
    actor: z.string().describe("Who."),
    did: z.string().describe("What they did, as the middle of a sentence: `started`."),
    object: z.string().describe("To what: `run 42`."),
    href: z.string().nullable().describe("The page of the object; null when it has none."),
  })
  .meta({ id: "HomeActivity", description: "Something that happened, as a sentence." });
export type HomeActivity = z.infer<typeof HomeActivity>;

export const HomeFeature = z
  .object({
    name: ColumnName,
    type: z.string().describe("Its type."),
    description: z.string().describe("What it is."),
    consumers: z.number().int().describe("Models and services that read it: as many as its page and discovery say."),
    uses: z.number().int().describe("Uses in the ledger."),
    computedAt: Instant.nullable().describe("When its newest values were computed; null when never."),
    histogram: z.array(z.number()).describe("Counts of its distribution, in order; empty without a profile."),
    picture: FeaturePicture.nullable().describe("What that is drawn of; null without a profile."),
    usedBy: z.array(z.string()).describe("The consumers, by name."),
  })
  .meta({ id: "HomeFeature", description: "A feature that many use." });
export type HomeFeature = z.infer<typeof HomeFeature>;

export const FirstStep = z
  .object({
    name: z.enum(["data", "declare", "run", "people", "token"]).describe("Which step."),
    title: z.string().describe("What it is called."),
    done: z.boolean().describe("Whether the workspace has what it makes."),
    sentence: z.string().describe("What was done, or what to do."),
    href: z.string().describe("The page that does it, or shows what it did."),
    may: z.boolean().describe("Whether the caller may do it."),
  })
  .meta({ id: "FirstStep", description: "A step of moving in." });
export type FirstStep = z.infer<typeof FirstStep>;

export const Home = z
  .object({
    steps: z
      .array(FirstStep)
      .describe("Steps of moving into a new workspace, in order; empty once all are done, and for a demo."),
    waiting: z.array(HomeChange).describe("Change requests that the caller may decide, the oldest first."),
    attention: z.array(AttentionItem).describe("What needs attention, the newest first."),
    concerns: z.array(AttentionItem).describe("Deprecated: the same as attention."),
    activity: z.array(HomeActivity).describe("What happened lately, the newest first."),
    popular: z.array(HomeFeature).describe("The most used features."),
  })
  .meta({ id: "Home", description: "What a person should know first." });
export type Home = z.infer<typeof Home>;

export const getHome = operation({
  id: "getHome",
  method: "GET",
  path: "/api/v1/home",
  summary: "What waits for the caller, what needs attention, what happened, and what many use.",
  tag: "home",
  query: WorkspaceQuery,
  response: Home,
});
