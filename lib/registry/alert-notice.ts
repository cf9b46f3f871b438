import type { Alert } from "@/lib/db/generated/client";
import type { Notice } from "./announce";

type Told = Pick<
  Alert,
  "number" | "feature" | "level" | "state" | "score" | "worst" | "explanation" | "firstFrom" | "lastFrom"
> & {
  /** The monitor's name. */
  monitor: string;
};

const HAPPENED = {
  "alert.opened": "opened",
  "alert.acknowledged": "was acknowledged",
  "alert.resolved": "was resolved",
} as const;

/** What channels are told of an alert, with a link to the two histograms that show why. */
export function alertNotice(
  event: keyof typeof HAPPENED,
  alert: Told,
  said: { by: string; comment: string } | null = null,
): Notice {
  const { number, feature, monitor, level } = alert;
  const because = event === "alert.opened" ? alert.explanation : said?.comment;
  const by = said ? ` by ${said.by}` : "";
  return {
    event,
    object: `alert/${number}`,
    path: `/drift?view=map&feature=${encodeURIComponent(feature)}&month=${alert.lastFrom.toISOString().slice(0, 7)}`,
    summary: `Alert ${number} ${HAPPENED[event]}${by}: ${feature}, ${level} in monitor ${monitor}.${because ? ` ${because}` : ""}`,
    data: {
      number,
      monitor,
      feature,
      level,
      state: alert.state,
      score: alert.score,
      worst: alert.worst,
      firstFrom: alert.firstFrom.toISOString(),
      lastFrom: alert.lastFrom.toISOString(),
      explanation: alert.explanation,
      ...said,
    },
  };
}
