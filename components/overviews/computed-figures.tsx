import { Tooltip } from "@mantine/core";
import { formatNumber } from "@/components/distributions/buckets";
import type { OverviewFeature } from "@/lib/contracts/overviews";
import classes from "./overview.module.css";

interface Computed {
  /** As the sort calls it. */
  name: string;
  text: string;
  /** What it is and how it came about. */
  meaning: string;
  isAlarm?: boolean;
}

const SEVERITY =
  "Score of the automatic metric ÷ its warning threshold, against the first part: 1 and above is an alarm.";
const DISTANCE =
  "Σ (u/U − v/V)² / (u/U² + v/V²) over the buckets of two groups, the greatest of all pairs. It grows with the number of rows: use it to rank columns, not as a threshold.";
const NON_UNIFORMITY =
  "The normalised entropy of the buckets, −Σ p ln p ÷ ln buckets, the minimum over the groups: 1 when all buckets are equal, 0 when one bucket has all rows.";

/** What is computed over the groups of a feature, as far as it is. */
export function computedFigures({
  nonUniformity,
  distance,
  severity,
  drift,
  moving,
}: Pick<OverviewFeature, "nonUniformity" | "distance" | "severity" | "drift" | "moving">): Computed[] {
  return [
    ...(moving
      ? [{ name: "drift", text: moving === "key" ? "none, a key" : "none, the time", meaning: drift ?? "" }]
      : []),
    ...(severity === null
      ? []
      : [
          {
            name: "drift severity",
            text: formatNumber(severity),
            meaning: drift ? `${SEVERITY} ${drift}` : SEVERITY,
            isAlarm: severity >= 1,
          },
        ]),
    ...(distance === null ? [] : [{ name: "distribution distance", text: formatNumber(distance), meaning: DISTANCE }]),
    ...(nonUniformity === null
      ? []
      : [{ name: "non-uniformity", text: nonUniformity.toFixed(2), meaning: NON_UNIFORMITY }]),
  ];
}

export function ComputedFigures({ feature }: { feature: OverviewFeature }) {
  return (
    <dl className={classes.computed}>
      {computedFigures(feature).map(({ name, text, meaning, isAlarm }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Tooltip label={meaning} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
              <span tabIndex={0} className={isAlarm ? classes.alarm : undefined}>
                {isAlarm && "▲ "}
                {text}
              </span>
            </Tooltip>
          </dd>
        </div>
      ))}
    </dl>
  );
}
