import { z } from "zod";
import { SEVERITIES } from "@/lib/domain/definitions/rule";
import { Instant } from "./operation";

const CheckedDataset = z
  .object({
    dataset: z.string().describe("Name of a source, or of an output."),
    version: z.number().int().describe("Its version."),
    role: z.enum(["values", "source"]).describe("It holds what is proposed, or that was computed from it."),
    quarantined: z.boolean().describe("Whether the version is in quarantine."),
    checkedAt: Instant.nullable().describe("When its rules were last checked; null when they never were."),
    evaluated: z.number().int().describe("Rules that were checked."),
    passed: z.number().int().describe("Rules that passed."),
    unchecked: z.number().int().describe("Rules that were not checked in their present wording."),
  })
  .meta({ id: "CheckedDataset", description: "Data behind a proposal, and how its rules went." });

const FailedRule = z
  .object({
    dataset: z.string().describe("Name of the data that it failed on."),
    version: z.number().int().describe("Their version."),
    feature: z.string().nullable().describe("The feature whose rule it is; null for a source's own."),
    words: z.string().describe("The rule in words."),
    severity: z.enum(SEVERITIES).describe("What its failure means."),
    found: z.string().describe("What was found, in words."),
  })
  .meta({ id: "FailedRule", description: "A rule that the data behind a proposal do not keep." });

const PersonalFinding = z
  .object({
    dataset: z.string().describe("Name of the data that it was found in."),
    version: z.number().int().describe("Their version."),
    column: z.string().describe("`entity.column`."),
    kinds: z.array(z.string()).describe("What was found, in words."),
    examples: z.array(z.string()).describe("Masked: never the value itself."),
    declared: z.boolean().describe("Whether the feature is declared personal or special, so that it may hold it."),
  })
  .meta({ id: "PersonalFinding", description: "Personal data that were found in the data behind a proposal." });

export const RuleEvidence = z
  .object({
    evaluated: z.number().int().describe("Rules that were checked on the data behind the proposal."),
    passed: z.number().int().describe("Rules that passed."),
    critical: z.number().int().describe("Critical rules that failed."),
    warnings: z.number().int().describe("Other rules that failed."),
    unchecked: z.number().int().describe("Rules that were not checked in their present wording."),
    quarantined: z.array(z.string()).describe("Data in quarantine, as `dataset@version`."),
    datasets: z.array(CheckedDataset).describe("The data behind the proposal."),
    failed: z.array(FailedRule).describe("Rules that failed, the critical ones first."),
    personal: z.array(PersonalFinding).describe("Personal data that were found."),
  })
  .meta({
    id: "RuleEvidence",
    description: "What rules say of the data behind a proposal: as of now while it is open.",
  });
export type RuleEvidence = z.infer<typeof RuleEvidence>;
