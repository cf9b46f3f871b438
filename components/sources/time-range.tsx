import classes from "./sources.module.css";

/** First and last day of a dataset version; the exact instants on hover. */
export function TimeRange({ timeFrom, timeTo }: { timeFrom: string | null; timeTo: string | null }) {
  if (timeFrom === null || timeTo === null) return <>no time column</>;
  return (
    <span className={classes.range} title={`${timeFrom} to ${timeTo}`}>
      {timeFrom.slice(0, 10)} – {timeTo.slice(0, 10)}
    </span>
  );
}
