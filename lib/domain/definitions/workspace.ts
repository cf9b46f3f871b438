export interface WorkspaceDefinition {
  kind: "Workspace";
  name: string;
  title?: string;
  description?: string;
  /** Name of the split policy that teams share unless they say otherwise. */
  defaultSplit?: string;
}
