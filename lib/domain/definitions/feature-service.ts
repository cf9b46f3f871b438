import type { Documented } from "./documented";

export interface FeatureServiceDefinition extends Documented {
  kind: "FeatureService";
  name: string;
  /** `view:column` references in the order that the model reads them. */
  features: string[];
}
