import { ConceptMonitorSchema } from "./spec-documents-concept";
import { EntitySchema, WorkspaceSchema } from "./spec-documents-entities";
import { FeatureSchema, FeatureServiceSchema, FeatureViewSchema } from "./spec-documents-features";
import { MonitorSchema } from "./spec-documents-monitors";
import { ModelSchema, PipelineSchema } from "./spec-documents-pipelines";
import { SourceSchema } from "./spec-documents-sources";
import {
  GroupSplitSchema,
  HashSplitSchema,
  KfoldSplitSchema,
  RandomSplitSchema,
  StratifiedSplitSchema,
  TimeSplitSchema,
} from "./spec-documents-splits";
import { StageSchema } from "./spec-documents-stages";

/**
 * The shape of every kind of spec document. Objects are strict; shorthands are turned into what `definitions.ts` says, and
 * members that say nothing (an empty list, a default) are left out, so that two ways of saying the same have one digest.
 */

const SPLITS = {
  time: TimeSplitSchema,
  hash: HashSplitSchema,
  group: GroupSplitSchema,
  random: RandomSplitSchema,
  stratified: StratifiedSplitSchema,
  kfold: KfoldSplitSchema,
} as const;

/** The schema of each kind; a split policy's depends on its type. */
export const SCHEMAS = {
  Workspace: () => WorkspaceSchema,
  Entity: () => EntitySchema,
  Source: () => SourceSchema,
  Stage: () => StageSchema,
  Feature: () => FeatureSchema,
  FeatureView: () => FeatureViewSchema,
  FeatureService: () => FeatureServiceSchema,
  SplitPolicy: (raw: Record<string, unknown>) =>
    typeof raw.type === "string" && Object.hasOwn(SPLITS, raw.type)
      ? SPLITS[raw.type as keyof typeof SPLITS]
      : TimeSplitSchema,
  Pipeline: () => PipelineSchema,
  Model: () => ModelSchema,
  Monitor: (raw: Record<string, unknown>) => (raw.drift === "concept" ? ConceptMonitorSchema : MonitorSchema),
} as const;
