export interface WorkspaceDefinition {
  kind: "Workspace";
  name: string;
  title?: string;
  description?: string;
  /** Name of the split policy that teams share unless they say otherwise. */
  defaultSplit?: string;
  /** How often the same test rows may be scored, by whichever models, before their scores count as adapted to them. */
  testBudget?: TestBudget;
}

export interface TestBudget {
  scorings: number;
  /** Whether more keeps a model from production (`hard`), or asks who reviews it to look (`soft`, the default). */
  check?: "soft" | "hard";
}
