import classes from "./drift.module.css";

const SIZE = { width: 128, height: 44 };

/** A histogram small enough for two to stand side by side. */
export function MiniHistogram({
  shares,
  label,
  kind,
}: {
  shares: number[];
  label: string;
  kind: "reference" | "current";
}) {
  const most = Math.max(...shares, 0.0001);
  const step = SIZE.width / Math.max(shares.length, 1);
  return (
    <figure className={classes.mini}>
      <svg
        width={SIZE.width}
        height={SIZE.height}
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`Distribution of ${label}`}
      >
        {shares.map((share, index) => {
          const tall = (share / most) * SIZE.height;
          return (
            <rect
              key={index}
              x={index * step}
              y={SIZE.height - tall}
              width={Math.max(1, step - 1)}
              height={tall}
              className={kind === "reference" ? classes.miniReference : classes.miniCurrent}
            />
          );
        })}
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
