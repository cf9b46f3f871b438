import { z } from "zod";
import { SEVERITIES } from "@/lib/domain/rules/rule";
import { Instant, operation, WorkspaceQuery } from "./operation";

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
    current: z.boolean().describe("Whether the rules are still worded as they were then."),
    results: z.array(RuleResultShape).describe("Rule by rule."),
  })
  .meta({ id: "RuleCheckEntry", description: "What a source's rules found on one dataset version." });
export type RuleCheckEntry = z.infer<typeof RuleCheckEntry>;

export const SourceRules = z
  .object({
    source: z.string().describe("Name of the source."),
    rules: z.array(RuleShape.extend({ words: z.string().describe("The rule in words.") })).describe("In their order."),
    checks: z.array(RuleCheckEntry).describe("The newest checks first, at most twenty."),
  })
  .meta({ id: "SourceRules", description: "The rules of a source and what they found." });
export type SourceRules = z.infer<typeof SourceRules>;

const SourceParams = z.object({ name: z.string().describe("Name of the source.") });

export const getSourceRules = operation({
  id: "getSourceRules",
  method: "GET",
  path: "/api/v1/sources/{name}/rules",
  summary: "The rules of a source with their results over time.",
  tag: "rules",
  params: SourceParams,
  query: WorkspaceQuery,
  response: SourceRules,
});

export const checkSourceRules = operation({
  id: "checkSourceRules",
  method: "POST",
  path: "/api/v1/sources/{name}/rules/checks",
  summary: "Checks the rules on the source's data as they are now, in the background.",
  tag: "rules",
  params: SourceParams,
  body: WorkspaceQuery,
  status: 202,
  response: z.object({ queued: z.literal(true).describe("The check waits for a worker.") }),
});

export const RuleProposal = z
  .object({
    rules: z
      .array(RuleShape.extend({ words: z.string().describe("The rule in words.") }))
      .describe("Rules that the profiled data keep."),
    yaml: z.string().describe("The `rules` of the source's spec document, to edit."),
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
  body: WorkspaceQuery.extend({
    suite: z.unknown().describe("The suite as Great Expectations 0.x or 1.x writes it."),
    apply: z.boolean().default(false).describe("False only says what would change."),
  }),
  response: SuiteImport,
});
