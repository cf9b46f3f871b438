import { z } from "zod";
import { COLUMN_TYPES } from "@/lib/domain/definitions/column-type";
import { WhereKept } from "./models";
import { Meta } from "./meta";
import { Instant, listOf, operation, Page, WorkspaceQuery } from "./operation";
import { StageTest } from "./stage-tests";

const TypedColumn = z
  .object({
    column: z.string().describe("`entity.column`."),
    type: z.enum(COLUMN_TYPES).describe("Type of its values."),
  })
  .meta({ id: "TypedColumn", description: "A column that a stage writes." });

export const StageSummary = z
  .object({
    name: z.string().describe("Name."),
    kind: z.enum(["transformer", "estimator"]).describe("An estimator is fitted before it transforms."),
    operator: z.string().describe("Operator of the operator table, or `python:module.Class`."),
    class: z.string().nullable().describe("What an estimator learns: statistic, unsupervised, selection, supervised."),
    entity: z.string().describe("Entity that the outputs belong to."),
    inputs: z.array(z.string()).describe("Columns read to fit and to transform."),
    fitInputs: z.array(z.string()).describe("Columns read only to fit."),
    outputs: z.array(TypedColumn).describe("Columns written."),
    description: z.string().describe("What the stage does."),
    owner: z.string().describe("Who owns it."),
    tags: z.array(z.string()).describe("Tags."),
    meta: Meta,
    version: z.number().int().describe("The version that plans use."),
    alternatives: z.array(z.string()).describe("Other stages that write one of the same columns."),
    fits: z.number().int().describe("How often it was fitted."),
    runs: z.number().int().describe("Runs that ran it to its end."),
  })
  .meta({ id: "StageSummary", description: "A stage as a list shows it." });
export type StageSummary = z.infer<typeof StageSummary>;

const one = (what: string) => z.string().min(1).max(200).optional().describe(what);

export const StageFilters = z.object({
  q: one("Words that the name, description, owner, tags, operator or columns must hold."),
  kind: z.enum(["transformer", "estimator"]).optional().describe("Only transformers or estimators."),
  entity: one("Only stages that write this entity."),
  operator: one("Only stages of this operator."),
  column: one("Only stages that read or write this column."),
});
export type StageFilters = z.infer<typeof StageFilters>;

const FacetValue = z
  .object({
    value: z.string().describe("What can be filtered by."),
    count: z.number().int().describe("Stages of the workspace that have it."),
  })
  .meta({ id: "StageFacet", description: "A value to filter stages by." });

export const StageList = listOf(StageSummary, "stages")
  .extend({
    facets: z
      .object({
        entity: z.array(FacetValue).describe("Entities, the most frequent first."),
        operator: z.array(FacetValue).describe("Operators, the most frequent first."),
      })
      .describe("What the workspace's stages can be filtered by, whatever the filters are."),
  })
  .meta({ id: "StageList", description: "Stages in declaration order." });
export type StageList = z.infer<typeof StageList>;

export const listStages = operation({
  id: "listStages",
  method: "GET",
  path: "/api/v1/stages",
  summary: "The stages of a workspace in declaration order.",
  tag: "stages",
  query: WorkspaceQuery.extend(Page.shape).extend(StageFilters.shape),
  response: StageList,
});

const ColumnPartner = z
  .object({
    kind: z.enum(["source", "stage", "view", "pipeline"]).describe("What it is."),
    name: z.string().describe("Its name."),
  })
  .meta({ id: "ColumnPartner", description: "Who writes or reads a column." });

const StageInput = z
  .object({
    column: z.string().describe("`entity.column`."),
    role: z.enum(["input", "fitInput"]).describe("Whether it is needed only to fit."),
    type: z.string().nullable().describe("Type of its values; null when nobody writes it."),
    producers: z.array(ColumnPartner).describe("Who writes it. A source overrides stages."),
  })
  .meta({ id: "StageInput", description: "A column that a stage reads." });

const StageOutput = TypedColumn.extend({
  consumers: z.array(ColumnPartner).describe("Who reads it: stages, feature views, pipelines that end in it."),
  alternatives: z.array(ColumnPartner).describe("Who else writes it."),
}).meta({ id: "StageOutput", description: "A column that a stage writes." });

const StageVersionEntry = z
  .object({
    version: z.number().int().describe("Number."),
    digest: z.string().describe("SHA-256 of what the version computes."),
    createdAt: Instant.describe("When it was applied."),
    createdBy: z.string().describe("Who applied it."),
    chosenByRun: z
      .number()
      .int()
      .nullable()
      .describe("Number of the run whose search chose its parameters; null for a declared version."),
    changes: z
      .array(
        z.object({
          path: z.string().describe("Where in the definition, as in JavaScript."),
          kind: z.enum(["added", "removed", "changed"]).describe("What happened there."),
          before: z.unknown().optional().describe("Value in the version before."),
          after: z.unknown().optional().describe("Value in this version."),
        }),
      )
      .describe("Difference to the version before; empty for the first."),
  })
  .meta({ id: "StageVersionEntry", description: "An immutable version of a stage." });

const StageFit = z
  .object({
    id: z.string().describe("Id of the fit."),
    version: z.number().int().describe("Version of the stage that was fitted."),
    run: z
      .object({ id: z.string().describe("Id."), number: z.number().int().describe("Number.") })
      .describe("The run."),
    at: Instant.describe("When."),
    class: z.string().describe("What was learned: statistic, unsupervised, selection, supervised."),
    rowSet: z.string().nullable().describe("The rows that it saw, in words; null when they were not recorded."),
    rows: z.number().describe("How many rows it saw."),
    seconds: z.number().describe("How long it took."),
    where: WhereKept,
    expressions: z
      .record(z.string(), z.string())
      .describe("Output column to the SQL expression that the fitted stage is."),
    summary: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe("Figures of the fit: iterations, cost, depth."),
  })
  .meta({ id: "StageFit", description: "What an estimator learned from which rows." });
export type StageFit = z.infer<typeof StageFit>;

export const StageDetail = StageSummary.extend({
  params: z.record(z.string(), z.unknown()).describe("Parameters as declared."),
  defaults: z.record(z.string(), z.unknown()).describe("Parameters that have the operator's default."),
  from: z.string().nullable().describe("For an aggregating stage: the entity whose rows it reads."),
  via: z.record(z.string(), z.string()).describe("Entity to the relation that leads to it."),
  fit: z.string().nullable().describe("Rows that the owner fits on, in words; null leaves it to the pipeline."),
  cost: z.number().describe("Cost in planning."),
  code: z.string().nullable().describe("Where the code lives."),
  yaml: z.string().describe("The definition as a spec document."),
  tests: z.array(StageTest).describe("Small rows with what the stage must make of them, as declared."),
  reads: z.array(StageInput).describe("Columns read, with who writes them."),
  writes: z.array(StageOutput).describe("Columns written, with who reads them."),
  versions: z.array(StageVersionEntry).describe("Versions, newest first."),
  uses: z
    .object({
      pipelines: z
        .array(
          z.object({
            name: z.string().describe("Name of the pipeline."),
            variants: z.number().int().describe("Variants that run the stage, anywhere in their plan."),
            of: z.number().int().describe("Variants that were looked at."),
            total: z.string().describe("Variants that the pipeline has; an exact integer."),
          }),
        )
        .describe("Pipelines of which a variant runs it."),
      deployments: z
        .array(
          z.object({
            name: z.string().describe("Name of the deployment."),
            state: z.string().describe("active or paused."),
            pipeline: z.string().describe("Its pipeline."),
          }),
        )
        .describe("Deployments that run it and are not retired."),
    })
    .describe("What runs the stage, whether or not it ends in its columns."),
  recentFits: z.array(StageFit).describe("The newest fits, at most twenty."),
}).meta({ id: "StageDetail", description: "A stage with everything around it." });
export type StageDetail = z.infer<typeof StageDetail>;

export const getStage = operation({
  id: "getStage",
  method: "GET",
  path: "/api/v1/stages/{name}",
  summary: "One stage: definition, who produces what it reads, who reads what it writes, versions and fits.",
  tag: "stages",
  params: z.object({ name: z.string().describe("Name of the stage.") }),
  query: WorkspaceQuery,
  response: StageDetail,
});
