import type { ReactNode } from "react";
import type { FeatureDetail } from "@/lib/contracts/feature-detail";
import { TimeAgo } from "@/components/ui/time-ago";
import { ObjectLink } from "@/components/definitions/object-link";
import { formatNumber } from "@/components/distributions/buckets";
import classes from "./feature.module.css";

/** What its owner says about a feature, and what is known of it, as pairs. */
export function FeatureFacts({ feature }: { feature: FeatureDetail }) {
  const facts: [string, ReactNode][] = [
    ["Entity", <ObjectLink key="entity" kind="Entity" name={feature.entity} />],
    ["Key", feature.joinKeys.map((key) => `${key.name} (${key.type})`).join(", ")],
    ["Unit", feature.unit],
    ["Expected", expectedRange(feature)],
    ["Sensitivity", feature.sensitivity === "none" ? null : feature.sensitivity],
    ["Owner", feature.owner],
    ["Tags", feature.tags.join(", ")],
    ["Computed", feature.lastComputed && <TimeAgo at={feature.lastComputed} />],
  ];
  return (
    <dl className={classes.facts}>
      {facts
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function expectedRange({ expected, unit }: FeatureDetail): string | null {
  if (!expected) return null;
  const { min, max, values } = expected;
  if (values) return values.join(", ");
  const suffix = unit ? ` ${unit}` : "";
  if (min !== undefined && max !== undefined) return `${formatNumber(min)} to ${formatNumber(max)}${suffix}`;
  if (min !== undefined) return `${formatNumber(min)}${suffix} or more`;
  return max === undefined ? null : `${formatNumber(max)}${suffix} or less`;
}
