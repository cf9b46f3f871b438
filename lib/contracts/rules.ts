import { z } from "zod";
import { SEVERITIES } from "@/lib/domain/definitions/rule";
import { Instant, operation, WorkspaceBody, WorkspaceQuery } from "./operation";

const RuleShape = z
  .object({
    type: z.string().describe("Expectation by Great Expectations' name."),
    kwargs: z.record(z.string(), z.unknown()).describe("Its arguments."),
    severity: z.enum(SEVERITIES).describe("A failed critical rule quarantines the dataset version."),
    meta: z.record(z.string(), z.unknown()).optional().describe("Whatever the author keeps with it."),
  })
  .meta({ id: "Rule", description: "An expectation with its arguments." });

const RuleResultShape = z
  .object({
    success: z.boolean().describe("Whether the data are as expected."),
    feature: z.string().optional().describe("The feature whose rule it is; absent for a source's own."),
    expectation_config: RuleShape.describe("What was expected."),
    result: z
      .record(z.string(), z.unknown())
      .describe("Counts, percentages (0 to 100) and examples of what was found."),
    exception_info: z
      .object({
        raised_exception: z.boolean().describe("Whether the rule could not be checked."),
        exception_message: z.string().nullable().describe("Why not."),
        exception_traceback: z.null().describe("Always null."),
      })
      .describe("What kept the rule from being checked."),
  })
  .meta({ id: "RuleResult", description: "Result of one expectation in Great Expectations' shape." });

const RuleCheckEntry = z
  .object({
    version: z.number().int().describe("Dataset version that was checked."),
    at: Instant.describe("When."),
    success: z.boolean().describe("Whether every rule passed."),
    evaluated: z.number().int().describe("Rules that were checked."),
    failed: z.number().int().describe("Rules that did not pass."),
    critical: z.number().int().describe("Critical rules that did not pass."),
    quarantined: z.boolean().describe("Whether the dataset version is in quarantine now."),
    heldBy: z.array(z.string()).describe("Monitors that hold it back; empty where a rule does, or nothing."),
    current: z.boolean().describe("Whether the rules are still worded as they were then."),
    definitions: z
      .array(
        z.object({
          kind: z.enum(["Source", "Feature"]).describe("Whose rules."),
          name: z.string().describe("Its name."),
          version: z.number().int().describe("Version of its definition."),
        }),
      )
      .describe("Definitions whose rules were checked, as they were; empty for checks from before they were kept."),
    results: z.array(RuleResultShape).describe("Rule by rule."),
  })
  .meta({ id: "RuleCheckEntry", description: "What the rules found on one dataset version." });
export type RuleCheckEntry = z.infer<typeof RuleCheckEntry>;

const RuleOfData = RuleShape.extend({
  words: z.string().describe("The rule in words."),
  feature: z.string().nullable().describe("The feature whose rule it is; null for a source's own."),
}).meta({ id: "RuleOfData", description: "A rule that data must keep." });

const BlockedThing = z
  .object({
    kind: z.enum(["pipeline", "view", "change"]).describe("What is kept waiting."),
    name: z.string().describe("Its name, or the title of the change request."),
    href: z.string().describe("Its page."),
  })
  .meta({ id: "BlockedThing", description: "What data in quarantine keep waiting." });

export const DatasetRules = z
  .object({
    dataset: z.string().describe("Name of the source, or of the output of runs."),
    isSource: z.boolean().describe("Whether it is a source, whose spec holds rules."),
    rules: z.array(RuleOfData).describe("In their order: a source's own, then those of features."),
    checks: z.array(RuleCheckEntry).describe("The newest checks first, at most twenty."),
    notChecked: z
      .object({ at: Instant.describe("When."), message: z.string().describe("Why not, and what to do.") })
      .nullable()
      .describe("Why the rules could not be checked when it was last tried; null when they could."),
    blocked: z.array(BlockedThing).describe("What waits while the newest version is in quarantine."),
  })
  .meta({ id: "DatasetRules", description: "The rules of data and what they found." });
export type DatasetRules = z.infer<typeof DatasetRules>;

const SourceParams = z.object({ name: z.string().describe("Name of the source.") });
const DatasetParams = z.object({
  name: z.string().describe("Name of a source, or of an output such as `flight@late`."),
});
const Queued = z.object({ queued: z.literal(true).describe("The check waits for a worker.") });

export const getDatasetRules = operation({
  id: "getDatasetRules",
  method: "GET",
  path: "/api/v1/datasets/{name}/rules",
  summary: "The rules of a source or of an output, with their results over time.",
  tag: "rules",
  params: DatasetParams,
  query: WorkspaceQuery,
  response: DatasetRules,
});

export const checkDatasetRules = operation({
  id: "checkDatasetRules",
  method: "POST",
  path: "/api/v1/datasets/{name}/rules/checks",
  summary:
    "Checks the rules in the background: on a source's data as they are now, or on the newest version of an output.",
  tag: "rules",
  params: DatasetParams,
  body: WorkspaceBody,
  status: 202,
  response: Queued,
});

const FeatureRule = RuleOfData.omit({ feature: true })
  .extend({
    results: z
      .array(
        z.object({
          dataset: z.string().describe("Data that carry the feature."),
          version: z.number().int().describe("Their version."),
          at: Instant.describe("When it was checked."),
          success: z.boolean().describe("Whether it passed."),
          found: z.string().describe("What was found, in words."),
        }),
      )
      .describe("In its present wording, the newest first, at most ten."),
  })
  .meta({ id: "FeatureRule", description: "A rule of a feature with what it found." });

export const FeatureRules = z
  .object({
    feature: z.string().describe("`entity.column`."),
    rules: z.array(FeatureRule).describe("In their order."),
    quarantined: z.array(z.string()).describe("Newest data that carry it and are in quarantine, as `dataset@version`."),
  })
  .meta({ id: "FeatureRules", description: "The rules of a feature and what they found." });
export type FeatureRules = z.infer<typeof FeatureRules>;

const FeatureParams = z.object({ name: z.string().describe("`entity.column`.") });

export const getFeatureRules = operation({
  id: "getFeatureRules",
  method: "GET",
  path: "/api/v1/features/{name}/rules",
  summary: "The rules of a feature with their newest results.",
  tag: "rules",
  params: FeatureParams,
  query: WorkspaceQuery,
  response: FeatureRules,
});

export const RuleProposal = z
  .object({
    rules: z
      .array(RuleShape.extend({ words: z.string().describe("The rule in words.") }))
      .describe("Rules that the profiled data keep."),
    yaml: z.string().describe("The `rules` of the spec document, to edit."),
    version: z.number().int().nullable().describe("Dataset version that was profiled; null without a profile."),
  })
  .meta({ id: "RuleProposal", description: "Rules proposed from a profile, for a person to edit." });
export type RuleProposal = z.infer<typeof RuleProposal>;

export const proposeSourceRules = operation({
  id: "proposeSourceRules",
  method: "GET",
  path: "/api/v1/sources/{name}/rules/proposal",
  summary: "Rules proposed from the newest profile of a source.",
  tag: "rules",
  params: SourceParams,
  query: WorkspaceQuery,
  response: RuleProposal,
});

export const proposeFeatureRules = operation({
  id: "proposeFeatureRules",
  method: "GET",
  path: "/api/v1/features/{name}/rules/proposal",
  summary: "Rules proposed from the newest profile of a feature, and from what is predicted of its entity.",
  tag: "rules",
  params: FeatureParams,
  query: WorkspaceQuery,
  response: RuleProposal,
});

const Suite = z
  .object({
    name: z.string().describe("Name of the suite."),
    expectations: z
      .array(
        RuleShape.extend({ meta: z.record(z.string(), z.unknown()).describe("Whatever the author keeps with it.") }),
      )
      .describe("Its expectations."),
    meta: z.record(z.string(), z.unknown()).describe("Notes."),
  })
  .meta({ id: "ExpectationSuite", description: "A Great Expectations suite." });

export const exportSuite = operation({
  id: "exportSuite",
  method: "GET",
  path: "/api/v1/sources/{name}/rules/suite",
  summary: "The rules as a Great Expectations suite.",
  tag: "rules",
  params: SourceParams,
  query: WorkspaceQuery,
  response: Suite,
});

export const SuiteImport = z
  .object({
    applied: z.boolean().describe("Whether the rules were replaced."),
    rules: z.array(RuleShape).describe("The rules of the suite."),
    added: z.array(z.string()).describe("Rules that are new, in words."),
    removed: z.array(z.string()).describe("Rules that go, in words."),
    left: z
      .array(
        z.object({
          type: z.string().describe("The expectation."),
          reasons: z.array(z.string()).describe("Why it cannot run on the source."),
        }),
      )
      .describe("Expectations that were left out; empty unless `partial`."),
  })
  .meta({ id: "SuiteImport", description: "What taking over a suite changes." });
export type SuiteImport = z.infer<typeof SuiteImport>;

export const importSuite = operation({
  id: "importSuite",
  method: "POST",
  path: "/api/v1/sources/{name}/rules/suite",
  summary: "Replaces the rules by those of a Great Expectations suite, or says what would change.",
  tag: "rules",
  params: SourceParams,
  body: WorkspaceBody.extend({
    suite: z.unknown().describe("The suite as Great Expectations 0.x or 1.x writes it."),
    apply: z.boolean().default(false).describe("False only says what would change."),
    partial: z
      .boolean()
      .default(false)
      .describe("Leave out and name expectations that cannot run; otherwise one of them refuses the suite."),
  }),
  response: SuiteImport,
});
