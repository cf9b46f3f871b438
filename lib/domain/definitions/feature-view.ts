import type { Documented } from "./documented";

export interface FeatureViewDefinition extends Documented {
  kind: "FeatureView";
  name: string;
  entity: string;
  /** `entity.column` names: features that stages or sources write. */
  features: string[];
  /** Seconds after which an online value is too old to serve; 0 means never. */
  ttlSeconds: number;
  /** Seconds; served values that are older open an alert. */
  freshnessSeconds?: number;
  online: boolean;
  schedule?: string;
}
