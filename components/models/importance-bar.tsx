import classes from "./evaluation.module.css";

/**
 * How much something weighs beside the heaviest.
 * @param weight from −1 to 1
 * @param isOneSided whether no weight is below 0
 */
export function ImportanceBar({ weight, isOneSided }: { weight: number; isOneSided: boolean }) {
  const width = Math.abs(weight) * (isOneSided ? 100 : 50);
  const start = isOneSided ? 0 : weight < 0 ? 50 - width : 50;
  // A position in per cent is of the room that is left beside the bar.
  const from = width >= 100 ? 0 : (start / (100 - width)) * 100;
  return (
    <div className={classes.bar} style={{ "--from": `${from}%`, "--width": `${width}%` } as React.CSSProperties} />
  );
}
