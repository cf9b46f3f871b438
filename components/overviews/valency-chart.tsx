import { formatNumber } from "@/components/distributions/buckets";
import { groupStyle } from "@/components/distributions/part-colour";
import type { OverviewFeature, ComparisonGroup } from "@/lib/contracts/overviews";
import classes from "./overview.module.css";

const WIDTH = 300;
const LINE = 18;

/** How many values a row of a list has: fewest to most as a line, the mean as a mark. */
export function ValencyChart({ feature, groups }: { feature: OverviewFeature; groups: readonly ComparisonGroup[] }) {
  const lines = groups.flatMap((group, at) => {
    const valency = feature.groups[at]?.valency;
    return valency ? [{ group, at, valency }] : [];
  });
  if (lines.length === 0)
    return (
      <p className={classes.words}>
        {feature.kind === "list" ? "No lengths are stored." : "One value in each row: no list."}
      </p>
    );
  const most = Math.max(1, ...lines.map(({ valency }) => valency[2]));
  const x = (count: number) => 6 + (count / most) * (WIDTH - 12);
  const words = lines
    .map(
      ({ group, valency: [fewest, mean, greatest] }) =>
        `${group.label} ${fewest} to ${greatest}, mean ${formatNumber(mean)}`,
    )
    .join("; ");
  return (
    <div>
      <svg
        viewBox={`0 0 ${WIDTH} ${lines.length * LINE}`}
        role="img"
        aria-label={`Values in a row of ${feature.name}: ${words}`}
        className={classes.valency}
      >
        {lines.map(({ group, at, valency: [fewest, mean, greatest] }, line) => (
          <g key={group.key} stroke={groupStyle(group.key, at).colour}>
            <line x1={x(fewest)} x2={x(greatest)} y1={line * LINE + 9} y2={line * LINE + 9} strokeWidth={2} />
            <circle cx={x(mean)} cy={line * LINE + 9} r={4} fill={groupStyle(group.key, at).colour} />
          </g>
        ))}
      </svg>
      <p className={classes.words}>{words}</p>
    </div>
  );
}
