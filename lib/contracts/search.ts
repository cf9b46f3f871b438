import { z } from "zod";
import { operation, WorkspaceName } from "./operation";

export const SEARCH_KINDS = [
  "feature",
  "stage",
  "source",
  "dataset",
  "view",
  "entity",
  "service",
  "split_policy",
  "pipeline",
  "monitor",
  "model",
  "run",
  "change",
  "experiment",
  "person",
] as const;
export type SearchKind = (typeof SEARCH_KINDS)[number];

export const SearchHit = z
  .object({
    kind: z.enum(SEARCH_KINDS).describe("What it is."),
    name: z.string().describe("Its name, as the portal shows it."),
    detail: z.string().describe("One line about it; may be empty."),
    href: z.string().describe("Its page in the portal."),
  })
  .meta({ id: "SearchHit", description: "Something that was found." });
export type SearchHit = z.infer<typeof SearchHit>;

export const SearchResult = z
  .object({
    items: z.array(SearchHit).describe("The best finds of every kind, kind by kind, the best first."),
    total: z.number().int().describe("How many were found in all."),
  })
  .meta({ id: "SearchResult", description: "What a few words find in a workspace." });
export type SearchResult = z.infer<typeof SearchResult>;

export const search = operation({
  id: "search",
  method: "GET",
  path: "/api/v1/search",
  summary:
    "Finds anything in a workspace by name, description, owner, tags or metadata, however misspelt, or by its number.",
  tag: "search",
  query: z.object({
    workspace: WorkspaceName,
    q: z.string().max(200).default("").describe("Words, or a number such as 42."),
    limit: z.coerce.number().int().min(1).max(50).default(5).describe("At most so many of each kind."),
  }),
  response: SearchResult,
});
