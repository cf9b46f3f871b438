import type { FeatureSkew } from "@/lib/contracts/skew";
import classes from "./skew.module.css";

/** In the order in which they are drawn and listed. */
export const SKEW_OUTCOMES = [
  { outcome: "match", label: "Match" },
  { outcome: "mismatch", label: "Mismatch" },
  { outcome: "missingOnline", label: "Missing online" },
  { outcome: "missingOffline", label: "Missing offline" },
] as const;

/** The shares of a feature's values by outcome; the numbers stand beside it. What is there is never too thin to be seen. */
export function SkewBar({ feature }: { feature: FeatureSkew }) {
  const total = SKEW_OUTCOMES.reduce((sum, { outcome }) => sum + feature[outcome], 0);
  const parts = SKEW_OUTCOMES.filter(({ outcome }) => feature[outcome] > 0);
  const words = parts.map(
    ({ outcome, label }) => `${label.toLowerCase()} ${((100 * feature[outcome]) / total).toFixed(1)} %`,
  );
  return (
    <div
      className={classes.bar}
      role="img"
      aria-label={words.join(", ") || "Nothing compared"}
      title={words.join(", ")}
    >
      {parts.map(({ outcome }) => (
        <span key={outcome} className={classes.part} data-outcome={outcome} style={{ flexGrow: feature[outcome] }} />
      ))}
    </div>
  );
}

export function SkewLegend() {
  return (
    <ul className={classes.legend} aria-label="Colours">
      {SKEW_OUTCOMES.map(({ outcome, label }) => (
        <li key={outcome}>
          <span className={classes.key} data-outcome={outcome} aria-hidden />
          {label.toLowerCase()}
        </li>
      ))}
    </ul>
  );
}
