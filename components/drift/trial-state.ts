import { parseAsBoolean, parseAsFloat, parseAsInteger, parseAsStringLiteral } from "nuqs";
import { DRIFT_METRIC_NAMES, type DriftMetric } from "@/lib/domain/definitions/drift-metric";

/** Metric and thresholds that are tried on a monitor's history; null thresholds are the metric's own. */
export interface Tried {
  metric: DriftMetric;
  warn: number | null;
  critical: number | null;
  calibrated: boolean;
  after: number;
}

/** What is tried, in the URL; what is absent is as the monitor has it. */
export const trialParsers = {
  tryMetric: parseAsStringLiteral(DRIFT_METRIC_NAMES),
  tryWarn: parseAsFloat,
  tryCritical: parseAsFloat,
  tryCalibrated: parseAsBoolean,
  tryAfter: parseAsInteger,
};

interface Address {
  tryMetric: DriftMetric | null;
  tryWarn: number | null;
  tryCritical: number | null;
  tryCalibrated: boolean | null;
  tryAfter: number | null;
}

/** Thresholds belong to a metric: with another one than the monitor's they begin as that one's own. */
export function triedOf(saved: Tried, address: Address): Tried {
  const metric = address.tryMetric ?? saved.metric;
  const base = metric === saved.metric ? saved : { warn: null, critical: null };
  return {
    metric,
    warn: address.tryWarn ?? base.warn,
    critical: address.tryCritical ?? base.critical,
    calibrated: address.tryCalibrated ?? saved.calibrated,
    after: Math.max(1, address.tryAfter ?? saved.after),
  };
}

export function toAddress(saved: Tried, tried: Tried): Address {
  const base = triedOf(saved, {
    tryMetric: tried.metric,
    tryWarn: null,
    tryCritical: null,
    tryCalibrated: null,
    tryAfter: null,
  });
  const unless = <Value>(value: Value, same: Value): Value | null => (value === same ? null : value);
  return {
    tryMetric: unless(tried.metric, saved.metric),
    tryWarn: unless(tried.warn, base.warn),
    tryCritical: unless(tried.critical, base.critical),
    tryCalibrated: unless(tried.calibrated, saved.calibrated),
    tryAfter: unless(tried.after, saved.after),
  };
}
