import { z } from "zod";
import { OUTCOME_METRICS } from "@/lib/domain/definitions/outcome-metrics";
import { EXPERIMENT_OUTCOMES, EXPERIMENT_STATES } from "@/lib/domain/experiments/experiment";
import { ColumnName, Instant, listOf, operation, Page, WorkspaceName, WorkspaceQuery } from "./operation";

const NAME = /^[a-z][a-z0-9_]*$/;
const TestName = z
  .string()
  .max(100)
  .regex(NAME, { error: "expected a name such as segments_test: lower-case letters, digits and _" })
  .describe("Name of the test, unique in the workspace.");
const ArmName = z
  .string()
  .max(60)
  .regex(NAME, { error: "expected a name such as control: lower-case letters, digits and _" })
  .describe("Name of the arm.");
const Metric = z.enum(OUTCOME_METRICS).describe("Decision metric.");
const Alpha = z.number().min(0.0001).max(0.5).describe("1 − confidence: 0.05 for intervals of 95 %.");
const MinimumEffect = z
  .number()
  .min(0)
  .describe("The minimum difference: a smaller one changes no decision. In the metric's unit.");

const Interval = z
  .object({ low: z.number().describe("Lower end."), high: z.number().describe("Upper end.") })
  .meta({ id: "AbInterval", description: "A confidence interval." });

const Difference = z
  .object({
    value: z.number().describe("The second arm's metric minus the first's."),
    interval: Interval.describe("At the test's confidence; with more than two arms for all pairs together."),
    pValue: z.number().describe("The least alpha at which the interval leaves zero out."),
  })
  .meta({ id: "AbDifference", description: "How much one arm's metric is above another's." });

const MetricResult = z
  .object({
    metric: z.enum(OUTCOME_METRICS).describe("The metric."),
    arms: z
      .array(
        z.object({
          name: z.string().describe("Name of the arm."),
          value: z.number().describe("The metric over the arm's rows."),
          interval: Interval.nullable().describe("Its confidence interval; null with too few rows."),
        }),
      )
      .describe("One for each arm, in the test's order."),
    pairs: z
      .array(
        z.object({
          a: z.string().describe("The first arm."),
          b: z.string().describe("The second arm."),
          difference: Difference.nullable().describe("Null with too few rows."),
          correctedP: z.number().nullable().describe("p-value by Holm's correction for the number of pairs."),
          verdict: z
            .enum(["a_better", "b_better", "no_difference", "undecided"])
            .describe("Which of the two is better, if it can be told."),
        }),
      )
      .describe("Every two arms."),
  })
  .meta({ id: "AbMetricResult", description: "One metric, arm by arm and pair by pair." });

export const AbComparison = z
  .object({
    evaluatedAt: Instant.describe("When the rows were compared."),
    environment: z.enum(["staging", "production"]).describe("Whose predictions were compared."),
    sentence: z.string().describe("The verdict with its uncertainty, in a sentence."),
    verdict: z
      .object({
        code: z
          .enum(["better", "no_difference", "undecided", "withheld"])
          .describe("What can be said; `withheld` when the arms' rows are not in the policy's shares."),
        winner: z.string().nullable().describe("The arm that is better than each of the others; null for none."),
      })
      .describe("The verdict."),
    sampleRatio: z
      .object({
        expected: z.array(z.number()).describe("Share of the rows that each arm should have."),
        found: z.array(z.number()).describe("Share that it has."),
        chiSquare: z.number().describe("Pearson's statistic."),
        pValue: z.number().describe("How surprising the shares are."),
        mismatch: z.boolean().describe("True when they cannot be chance: the verdict is withheld."),
      })
      .nullable()
      .describe("Whether rows arrived in the policy's shares; null where many rows share a key."),
    arms: z
      .array(
        z.object({
          name: z.string().describe("Name of the arm."),
          n: z.number().int().describe("Rows with a prediction and a label."),
          missingPredictions: z.number().int().describe("Rows with a label and no prediction."),
          missingLabels: z.number().int().describe("Rows with a prediction and no label."),
          positives: z.number().int().nullable().describe("Rows whose label is a yes; null for numbers."),
          dataset: z.string().describe("Dataset with its predictions."),
          versions: z.array(z.number().int()).describe("Versions of it that were read, oldest first."),
          modelVersions: z.array(z.number().int()).describe("Versions of its model that predicted these rows."),
          leak: z.boolean().describe("True when one of these versions has seen rows that it is judged on."),
        }),
      )
      .describe("One for each arm, in the test's order."),
    label: z
      .object({
        dataset: z.string().describe("Dataset with what really happened."),
        version: z.number().int().describe("Version that was read."),
      })
      .describe("Where the label came from."),
    metrics: z.array(MetricResult).describe("The test's own metric first."),
    warnings: z.array(z.string()).describe("What to keep in mind when reading the verdict, in sentences."),
  })
  .meta({ id: "AbComparison", description: "The arms' predictions against what really happened." });
export type AbComparison = z.infer<typeof AbComparison>;

export const AbEvaluation = z
  .object({
    state: z.enum(["queued", "running", "done", "failed"]).describe("Where the newest evaluation stands."),
    at: Instant.describe("Since when."),
    message: z.string().describe("Why it failed; empty otherwise."),
  })
  .meta({ id: "AbEvaluation", description: "The newest evaluation of a test." });
export type AbEvaluation = z.infer<typeof AbEvaluation>;

const Arm = z
  .object({
    name: z.string().describe("Name of the arm; the first is what the others are tried against."),
    deployment: z.string().describe("Deployment whose predictions it is."),
    deploymentState: z.string().describe("active, paused or retired."),
    pipeline: z.string().describe("Pipeline that is deployed."),
    differs: z.record(z.string(), z.string()).describe("Column → stage that writes it, where the arms differ."),
    parts: z.array(z.string()).describe("Parts of the split policy whose rows it gets."),
    ranges: z.array(z.array(z.number().int()).length(2)).describe("Its ranges of buckets, from included, to excluded."),
    share: z.number().describe("Share of all buckets that is its own, 0 to 1."),
  })
  .meta({ id: "AbArm", description: "One of the deployments that are compared." });

const summary = {
  name: z.string().describe("Name of the test."),
  workspace: WorkspaceName,
  output: z.string().describe("Column that the arms predict, as `entity.column`."),
  label: z.string().describe("Column with what really happened, as `entity.column`."),
  metric: Metric,
  state: z.enum(["running", "closed"]).describe("Whether it is still compared."),
  winner: z.string().nullable().describe("The arm that was chosen when it was closed; null for none."),
  arms: z.array(Arm).describe("What is compared."),
  sentence: z.string().nullable().describe("The newest verdict in a sentence; null before the first."),
  verdict: z.string().nullable().describe("Code of the newest verdict; null before the first."),
  evaluation: AbEvaluation.nullable().describe("The newest evaluation; null before the first."),
  createdAt: Instant.describe("When it was set up."),
  createdBy: z.string().describe("Who set it up."),
  closedAt: Instant.nullable().describe("When it was closed; null while it runs."),
};

export const AbTestSummary = z.object(summary).meta({ id: "AbTestSummary", description: "An A/B test in a list." });
export type AbTestSummary = z.infer<typeof AbTestSummary>;

const Promotion = z
  .object({
    feature: z.string().describe("The feature that the arm predicts."),
    version: z.number().int().nullable().describe("Its version that the arm writes; null when nothing was recorded."),
    environment: z.enum(["staging", "production"]).describe("Where it would be promoted to next."),
    allowed: z.boolean().describe("Whether a change request can be opened now."),
    reason: z
      .string()
      .nullable()
      .describe("Why not, or why it goes to staging first; null when nothing is in the way."),
    href: z.string().describe("The form for a change request, filled in."),
  })
  .meta({ id: "AbPromotion", description: "What promoting an arm would mean." });
export type AbPromotion = z.infer<typeof Promotion>;

export const AbTest = z
  .object({
    ...summary,
    splitPolicy: z.string().describe("The hash policy that assigns rows."),
    policy: z
      .object({
        key: z.string().describe("Column whose value is hashed."),
        salt: z.string().describe("What is hashed with it."),
        buckets: z.number().int().describe("How many buckets there are."),
      })
      .describe("How rows are assigned."),
    alpha: Alpha,
    minimumEffect: MinimumEffect,
    comparison: AbComparison.nullable().describe("The newest comparison; null before the first."),
    experiment: z
      .strictObject({
        number: z.number().int().describe("Number of the experiment."),
        title: z.string().describe("Its title."),
        state: z.enum(EXPERIMENT_STATES).describe("Whether it was decided."),
      })
      .nullable()
      .describe("The hypothesis that it tries; null for none."),
    change: z
      .object({
        number: z.number().int().describe("Number of the change request."),
        title: z.string().describe("Its title."),
        state: z.string().describe("Where it stands."),
      })
      .nullable()
      .describe("The change request that promotes the winner; null for none."),
    proposal: z
      .object({
        winner: z.string().nullable().describe("The arm that the verdict names; null for none."),
        outcome: z.enum(EXPERIMENT_OUTCOMES).describe("Outcome of the experiment that follows from the verdict."),
        insight: z.string().describe("What to write down as its insight."),
      })
      .describe("What closing would record, to be edited."),
    promotions: z.record(z.string(), Promotion).describe("Arm → what promoting it would mean now."),
    canEdit: z.boolean().describe("Whether the caller may evaluate and close it."),
  })
  .meta({ id: "AbTest", description: "Deployments of variants of one output side by side." });
export type AbTest = z.infer<typeof AbTest>;

const tag = "ab-tests";

export const listAbTests = operation({
  id: "listAbTests",
  method: "GET",
  path: "/api/v1/ab-tests",
  summary: "A/B tests of a workspace, running ones first, then the newest.",
  tag,
  query: Page.extend({
    workspace: WorkspaceName,
    state: z.enum(["running", "closed"]).optional().describe("Only those in this state."),
  }),
  response: listOf(AbTestSummary, "A/B tests").meta({ id: "AbTestList", description: "A/B tests." }),
});

export const CreateAbTest = z.strictObject({
  workspace: WorkspaceName,
  name: TestName,
  output: ColumnName.optional().describe("Column that the arms predict; the one that all of them write when left out."),
  label: ColumnName.optional().describe("Column with what really happened; the first arm's own label when left out."),
  splitPolicy: z.string().min(1, "expected a split policy").describe("A hash policy."),
  metric: Metric,
  alpha: Alpha.default(0.05),
  minimumEffect: MinimumEffect.default(0),
  arms: z
    .array(
      z.strictObject({
        name: ArmName,
        deployment: z.string().min(1, "expected a deployment").describe("Name of the deployment."),
        parts: z.array(z.string()).min(1, "expected at least one part").describe("Parts of the policy that it gets."),
      }),
    )
    .min(2, "expected two arms or more")
    .max(8)
    .describe("The deployments; the first is what the others are tried against."),
  experiment: z.number().int().min(1).nullish().describe("Number of the experiment that it tries."),
});
export type CreateAbTest = z.output<typeof CreateAbTest>;

export const createAbTest = operation({
  id: "createAbTest",
  method: "POST",
  path: "/api/v1/ab-tests",
  summary: "Sets two or more deployments side by side; what is there already is compared at once.",
  tag,
  status: 201,
  body: CreateAbTest,
  response: AbTest,
});

const address = {
  params: z.object({ name: TestName }),
  query: WorkspaceQuery,
  tag,
} as const;

export const getAbTest = operation({
  id: "getAbTest",
  method: "GET",
  path: "/api/v1/ab-tests/{name}",
  summary: "One A/B test with its newest comparison.",
  ...address,
  response: AbTest,
});

export const evaluateAbTest = operation({
  id: "evaluateAbTest",
  method: "POST",
  path: "/api/v1/ab-tests/{name}/evaluations",
  summary: "Compares the arms again; the answer comes with the test a moment later.",
  ...address,
  status: 202,
  response: AbTest,
});

export const closeAbTest = operation({
  id: "closeAbTest",
  method: "POST",
  path: "/api/v1/ab-tests/{name}/close",
  summary: "Ends the test: records the winner, decides its experiment, and prepares the winner's promotion.",
  ...address,
  body: z.strictObject({
    winner: ArmName.nullable().describe("The arm that won; null for none."),
    experiment: z
      .strictObject({
        outcome: z.enum(EXPERIMENT_OUTCOMES).describe("What became of the hypothesis."),
        insight: z.string().trim().min(10, "expected a sentence").max(10_000).describe("What was learned."),
      })
      .nullish()
      .describe("How the experiment is decided; null leaves it open."),
    promote: z.boolean().default(true).describe("Whether to open a change request for the winner."),
  }),
  response: AbTest,
});

export const AbAssignment = z
  .object({
    key: z.string().describe("The key that was asked for."),
    bucket: z.number().int().describe("Its bucket."),
    buckets: z.number().int().describe("How many buckets there are."),
    arm: z.string().nullable().describe("The arm that it is assigned to; null when its bucket is nobody's."),
    deployment: z.string().nullable().describe("The arm's deployment."),
  })
  .meta({ id: "AbAssignment", description: "Which arm an entity's key is assigned to." });
export type AbAssignment = z.infer<typeof AbAssignment>;

export const getAbAssignment = operation({
  id: "getAbAssignment",
  method: "GET",
  path: "/api/v1/ab-tests/{name}/assignment",
  summary: "The arm of a key: the first 8 hex digits of md5(salt + ':' + key), modulo the policy's buckets.",
  ...address,
  query: WorkspaceQuery.extend({
    key: z.string().min(1, "expected a key").max(1000).describe("Value of the policy's key, as text."),
  }),
  response: AbAssignment,
});
