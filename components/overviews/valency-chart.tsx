import { formatNumber } from "@/components/distributions/buckets";
import { sideLook } from "@/components/distributions/part-colour";
import type { OverviewFeature, OverviewSide } from "@/lib/contracts/overviews";
import classes from "./overview.module.css";

const WIDTH = 300;
const LINE = 18;

/** How many values a row of a list has: fewest to most as a line, the mean as a mark. */
export function ValencyChart({ feature, sides }: { feature: OverviewFeature; sides: readonly OverviewSide[] }) {
  const lines = sides.flatMap((side, at) => {
    const valency = feature.sides[at]?.valency;
    return valency ? [{ side, at, valency }] : [];
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
      ({ side, valency: [fewest, mean, greatest] }) =>
        `${side.label} ${fewest} to ${greatest}, mean ${formatNumber(mean)}`,
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
        {lines.map(({ side, at, valency: [fewest, mean, greatest] }, line) => (
          <g key={side.key} stroke={sideLook(side.key, at).colour}>
            <line x1={x(fewest)} x2={x(greatest)} y1={line * LINE + 9} y2={line * LINE + 9} strokeWidth={2} />
            <circle cx={x(mean)} cy={line * LINE + 9} r={4} fill={sideLook(side.key, at).colour} />
          </g>
        ))}
      </svg>
      <p className={classes.words}>{words}</p>
    </div>
  );
}
