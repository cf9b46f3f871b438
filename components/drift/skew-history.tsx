import type { ViewSkew } from "@/lib/contracts/skew";

const WIDTH = 5;
const GAP = 1;
const HEIGHT = 18;
/** A difference that is there is seen. */
const LEAST = 3;

/** One bar for each check, oldest first; its upper part is the share of values that differed. */
export function SkewHistory({ history }: { history: ViewSkew["history"] }) {
  const width = history.length * (WIDTH + GAP) - GAP;
  const label = `Values that differed in the last ${history.length} checks: ${history.map(({ differences }) => differences).join(", ")}`;
  return (
    <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-label={label}>
      {history.map(({ at, values, differences }, index) => {
        const tall = differences === 0 ? 0 : Math.max(LEAST, (differences / values) * HEIGHT);
        const x = index * (WIDTH + GAP);
        return (
          <g key={`${at} ${index}`}>
            <rect
              x={x}
              y={0}
              width={WIDTH}
              height={HEIGHT}
              fill="var(--tr-fill-fine)"
              opacity={values === 0 ? 0.3 : 1}
            />
            <rect x={x} y={0} width={WIDTH} height={tall} fill="var(--tr-fill-critical)" />
          </g>
        );
      })}
    </svg>
  );
}
