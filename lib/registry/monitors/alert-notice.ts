import type { Alert } from "@/lib/db/generated/client";
import { alertPicture } from "@/lib/domain/monitors/alert-picture";
import type { Notice } from "../notifications/announce";

type Told = Pick<
  Alert,
  "number" | "feature" | "level" | "state" | "score" | "worst" | "explanation" | "firstFrom" | "lastFrom"
> & {
  /** The monitor's name. */
  monitor: string;
  /** Whether the monitor watches concept drift. */
  isConcept?: boolean;
  /** Whether it is about the age of a view's values; then `monitor` is the view. */
  isFreshness?: boolean;
};

const HAPPENED = {
  "alert.opened": "opened",
  "alert.acknowledged": "was acknowledged",
  "alert.resolved": "was resolved",
} as const;

/** What channels are told of an alert, with a link to the picture that shows why. */
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
    path: alertPicture({
      isConcept: alert.isConcept ?? false,
      isFreshness: alert.isFreshness ?? false,
      monitor,
      feature,
      lastFrom: alert.lastFrom,
    }),
    summary: `Alert ${number} ${HAPPENED[event]}${by}: ${feature}, ${level} ${alert.isFreshness ? "in view" : "in monitor"} ${monitor}.${because ? ` ${because}` : ""}`,
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
