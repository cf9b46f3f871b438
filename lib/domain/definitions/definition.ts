import type { ConceptMonitorDefinition } from "./concept-monitor";
import type { EntityDefinition } from "./entity";
import type { FeatureDefinition } from "./feature";
import type { FeatureServiceDefinition } from "./feature-service";
import type { FeatureViewDefinition } from "./feature-view";
import type { ModelDefinition } from "./model";
import type { MonitorDefinition } from "./monitor";
import type { PipelineDefinition } from "./pipeline";
import type { SourceDefinition } from "./source";
import type { SplitPolicyDefinition } from "./split-policy";
import type { StageDefinition } from "./stage";
import type { WorkspaceDefinition } from "./workspace";

/**
 * The declared objects of a workspace as plain data: what a spec document says, after parsing.
 * `lib/contracts/spec-documents.ts` parses YAML and JSON into these; nothing here knows about files or requests.
 */
export type Definition =
  | WorkspaceDefinition
  | EntityDefinition
  | SourceDefinition
  | StageDefinition
  | FeatureDefinition
  | FeatureViewDefinition
  | FeatureServiceDefinition
  | SplitPolicyDefinition
  | PipelineDefinition
  | ModelDefinition
  | MonitorDefinition
  | ConceptMonitorDefinition;

export type DefinitionKind = Definition["kind"];

export type DefinitionOf<Kind extends DefinitionKind> = Extract<Definition, { kind: Kind }>;
