import { z } from "zod";
import { EXPERIMENT_OUTCOMES, EXPERIMENT_STATES } from "@/lib/domain/experiments/experiment";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

const Title = z.string().trim().min(3, "expected a few words").max(200).describe("The hypothesis in a few words.");
const Hypothesis = z
  .string()
  .trim()
  .min(10, "expected a sentence")
  .max(5000)
  .describe("What is believed, in business terms.");
const Metric = z
  .string()
  .trim()
  .min(1, "expected what would show it")
  .max(500)
  .describe("What would show it: the name of a metric, or words.");
const Insight = z.string().trim().max(10_000).describe("What was learned.");
const Owner = z.string().trim().max(100).describe("Who answers for it: a person or a team.");
const Tags = z.array(z.string().trim().min(1).max(50)).max(20).describe("Words to find it by.");
const Outcome = z.enum(EXPERIMENT_OUTCOMES).describe("What became of the hypothesis.");
const StageName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, { error: "expected a stage such as airport_segments" })
  .describe("Name of a stage.");
const Features = z.array(ColumnName).max(50).describe("Features that it is about, as `entity.column`.");
const Stages = z.array(StageName).max(50).describe("Stages that it is about.");
const TrainingDatasets = z.array(StageName).max(50).describe("Training datasets that it rests on.");

export const ExperimentVariant = z
  .strictObject({
    name: z.string().trim().min(1, "expected a name").max(100).describe("What people call the variant."),
    description: z.string().trim().max(2000).default("").describe("How it differs, in words; may be empty."),
    pipeline: z.string().max(100).nullable().default(null).describe("Pipeline that it is a variant of; null for none."),
    variant: z
      .string()
      .max(100)
      .nullable()
      .default(null)
      .describe("Signature of the pipeline's variant; null when words have to do."),
  })
  .meta({ id: "ExperimentVariant", description: "One of the ways that an experiment compares." });
export type ExperimentVariant = z.infer<typeof ExperimentVariant>;

const Variants = z.array(ExperimentVariant).max(20).describe("What is compared.");

export const Experiment = z
  .object({
    number: z.number().int().describe("Number in the workspace, as in /experiments/3."),
    workspace: WorkspaceName,
    title: z.string().describe("The hypothesis in a few words."),
    hypothesis: z.string().describe("What is believed, in business terms."),
    metric: z.string().describe("What would show it."),
    owner: z.string().describe("Who answers for it."),
    tags: z.array(z.string()).describe("Words to find it by."),
    variants: z.array(ExperimentVariant).describe("What is compared."),
    features: z.array(z.string()).describe("Features that it is about, as `entity.column`."),
    stages: z.array(z.string()).describe("Stages that it is about."),
    trainingDatasets: z
      .array(z.string())
      .describe("Training datasets that it rests on: none of them is deleted meanwhile."),
    state: z.enum(EXPERIMENT_STATES).describe("Whether the outcome is known."),
    outcome: Outcome.nullable().describe("What became of the hypothesis; null while open."),
    insight: z.string().describe("What was learned; may be empty while open."),
    decidedAt: Instant.nullable().describe("When the outcome was decided; null while open."),
    decidedBy: z.string().nullable().describe("Who decided; null while open."),
    abTests: z
      .array(
        z.object({
          name: z.string().describe("Name of the A/B test."),
          state: z.string().describe("running or closed."),
        }),
      )
      .describe("A/B tests that try it."),
    createdAt: Instant.describe("When it was written down."),
    createdBy: z.string().describe("Who wrote it down."),
    updatedAt: Instant.describe("When it last changed."),
  })
  .meta({ id: "Experiment", description: "A hypothesis in business terms and what became of it." });
export type Experiment = z.infer<typeof Experiment>;

const Filters = z.object({
  workspace: WorkspaceName,
  q: z.string().max(300).default("").describe('Words, "phrases", `or` and -negations, as in a web search.'),
  outcome: z
    .enum([...EXPERIMENT_OUTCOMES, "open"])
    .optional()
    .describe("Only those with this outcome, or those that are open."),
  feature: ColumnName.optional(),
  stage: StageName.optional(),
  owner: z.string().optional().describe("Only this owner's."),
  tag: z.string().optional().describe("Only those with this tag."),
});
export type ExperimentFilters = z.infer<typeof Filters>;

export const ExperimentList = listOf(Experiment, "experiments")
  .extend({
    corrections: z
      .array(
        z.object({
          word: z.string().describe("A word that nothing contains."),
          read: z.array(z.string()).describe("The words that were looked for instead."),
        }),
      )
      .describe("How misspelt or unfinished words were read; empty when every word was found as it is."),
    facets: z
      .object({
        owners: z.array(z.string()).describe("Owners of experiments in the workspace."),
        tags: z.array(z.string()).describe("Tags of experiments in the workspace."),
      })
      .describe("What can be filtered by."),
  })
  .meta({ id: "ExperimentList", description: "Experiments, the best match first, else the newest." });
export type ExperimentList = z.infer<typeof ExperimentList>;

export const listExperiments = operation({
  id: "listExperiments",
  method: "GET",
  path: "/api/v1/experiments",
  summary: "Experiments of a workspace by words and filters: title before hypothesis before insight.",
  tag: "experiments",
  query: Page.extend(Filters.shape),
  response: ExperimentList,
});

export const exportExperiments = operation({
  id: "exportExperiments",
  method: "GET",
  path: "/api/v1/experiments/export",
  summary: "Every experiment that a search finds, as CSV or JSON.",
  tag: "experiments",
  query: Filters.extend({ format: z.enum(["csv", "json"]).default("csv").describe("Format of the file.") }),
  response: z.string().meta({ description: "The file." }),
});

export const SimilarExperiment = z
  .object({
    experiment: Experiment.describe("The earlier experiment."),
    words: z.array(z.string()).describe("Word stems that both texts have."),
    shared: z.array(z.string()).describe("Features and stages that both are about."),
  })
  .meta({ id: "SimilarExperiment", description: "An earlier experiment that may have answered the question." });
export type SimilarExperiment = z.infer<typeof SimilarExperiment>;

/** A parameter given once is a string, given more than once a list. */
const names = (what: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value) => (value === undefined ? [] : [value].flat()).slice(0, 50))
    .describe(what);

export const findSimilarExperiments = operation({
  id: "findSimilarExperiments",
  method: "GET",
  path: "/api/v1/experiments/similar",
  summary: "Earlier experiments like one that is being written, so that an invalidated hypothesis is not repeated.",
  tag: "experiments",
  query: z.object({
    workspace: WorkspaceName,
    text: z.string().max(6000).default("").describe("Title and hypothesis as far as they are written."),
    feature: names("Features that it is about; may be given more than once."),
    stage: names("Stages that it is about; may be given more than once."),
    except: z.coerce.number().int().optional().describe("Number of the experiment that is being edited."),
  }),
  response: z
    .object({ items: z.array(SimilarExperiment).describe("The most similar first, five at most.") })
    .meta({ id: "SimilarExperiments", description: "Earlier experiments like one that is being written." }),
});

export const createExperiment = operation({
  id: "createExperiment",
  method: "POST",
  path: "/api/v1/experiments",
  summary: "Writes a hypothesis down.",
  tag: "experiments",
  status: 201,
  body: z.strictObject({
    workspace: WorkspaceName,
    title: Title,
    hypothesis: Hypothesis,
    metric: Metric,
    owner: Owner.optional().describe("Who answers for it; the caller when left out."),
    tags: Tags.default([]),
    variants: Variants.default([]),
    features: Features.default([]),
    stages: Stages.default([]),
    trainingDatasets: TrainingDatasets.default([]),
  }),
  response: Experiment,
});

const address = {
  params: z.object({ number: z.coerce.number().int().min(1).describe("Number of the experiment.") }),
  query: WorkspaceQuery,
  tag: "experiments",
  response: Experiment,
} as const;

export const getExperiment = operation({
  id: "getExperiment",
  method: "GET",
  path: "/api/v1/experiments/{number}",
  summary: "One experiment.",
  ...address,
});

export const updateExperiment = operation({
  id: "updateExperiment",
  method: "PATCH",
  path: "/api/v1/experiments/{number}",
  summary: "Changes what is given. Of a decided experiment the hypothesis, its metric and variants stay as they are.",
  ...address,
  body: z.strictObject({
    title: Title.optional(),
    hypothesis: Hypothesis.optional(),
    metric: Metric.optional(),
    owner: Owner.optional(),
    tags: Tags.optional(),
    variants: Variants.optional(),
    features: Features.optional(),
    stages: Stages.optional(),
    trainingDatasets: TrainingDatasets.optional(),
    insight: Insight.optional(),
  }),
});

export const decideExperiment = operation({
  id: "decideExperiment",
  method: "POST",
  path: "/api/v1/experiments/{number}/decision",
  summary: "Says what became of the hypothesis and what was learned.",
  ...address,
  body: z.strictObject({
    outcome: Outcome,
    insight: Insight.min(10, "expected a sentence, for whoever has the same idea"),
  }),
});

export const reopenExperiment = operation({
  id: "reopenExperiment",
  method: "POST",
  path: "/api/v1/experiments/{number}/reopen",
  summary: "Opens a decided experiment again; its insight stays.",
  ...address,
  body: z.strictObject({
    reason: z.string().trim().min(5, "expected a reason").max(2000).describe("Why the outcome no longer stands."),
  }),
});
