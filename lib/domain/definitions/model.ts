import type { Described } from "./documented";

/** What people say of a model. Its versions come from runs, or from a registry elsewhere. */
export interface ModelDefinition extends Described {
  kind: "Model";
  name: string;
  /** What it is for, and what it is not for. */
  intendedUse?: string;
}
