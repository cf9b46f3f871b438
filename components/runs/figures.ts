import { headlineMetric } from "@/lib/domain/outcomes/headline";
import { MODEL_METRICS } from "@/lib/domain/outcomes/model-metrics";

/** Seconds as people read them: `< 0.1 s`, `0.4 s`, `12 s`, `3 min 05 s`, `1 h 12 min`. */
export function durationInWords(seconds: number): string {
  if (seconds < 0.05) return "< 0.1 s";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** Seconds between two instants, the second one now when it has not come. */
export function secondsBetween(from: string, to: string | null, now: number): number {
  return Math.max(0, ((to ? new Date(to).getTime() : now) - new Date(from).getTime()) / 1000);
}

/** Seconds that are left at the pace so far; null while there is too little to go by. */
export function secondsLeft(elapsed: number, progress: number): number | null {
  return progress < 0.03 || elapsed < 2 ? null : (elapsed / progress) * (1 - progress);
}

const JOBS: Record<string, string> = {
  fit: "fit",
  predict_staging: "predict (staging)",
  predict_production: "predict (production)",
};

/** A deployment's job as people call it. */
export const jobInWords = (job: string) => JOBS[job] ?? job;

/** A range of times, from included, to excluded: whole days without hours, and a range of whole days by its last day. */
export function windowInWords({ from, to }: { from: string; to: string }): string {
  const isDay = (at: string) => at.slice(11, 23) === "00:00:00.000" || at.slice(10) === "T00:00:00Z";
  if (!isDay(from) || !isDay(to)) return `${inWords(from)} to ${inWords(to)}`;
  const last = new Date(Date.parse(to) - 86_400_000).toISOString();
  return from.slice(0, 10) === last.slice(0, 10) ? from.slice(0, 10) : `${from.slice(0, 10)} to ${last.slice(0, 10)}`;
}

const inWords = (at: string) => at.slice(0, 16).replace("T", " ");

export const count = (value: number) => value.toLocaleString("en-US");

/** Bytes in steps of 1,000. */
export function bytesInWords(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}

export function metricInWords(name: string, value: number): string {
  const { digits, percent } = MODEL_METRICS[name] ?? { digits: 4 };
  if (percent) return `${(value * 100).toFixed(digits)} %`;
  if (digits === 0) return count(value);
  // Errors in the label's unit may be of any size.
  return Math.abs(value) >= 100 ? value.toLocaleString("en-US", { maximumFractionDigits: 2 }) : value.toFixed(digits);
}

/** The one metric that a list of models shows: AUC, macro F1 or RMSE, by what is predicted. Null where there is none. */
export function headlineOf(metrics: Record<string, number> | undefined): { name: string; text: string } | null {
  const name = headlineMetric(metrics);
  return name === null
    ? null
    : { name: MODEL_METRICS[name]?.label ?? name, text: metricInWords(name, metrics?.[name] ?? 0) };
}

const ORDER = Object.keys(MODEL_METRICS);

/** Known metrics in their order, then others by name. */
export function metricNames(metrics: Record<string, Record<string, number>>): string[] {
  const names = new Set(Object.values(metrics).flatMap((part) => Object.keys(part)));
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return [...names].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

const PARTS = ["train", "validation", "test"];

export function partNames(metrics: Record<string, Record<string, number>>): string[] {
  const rank = (name: string) => (PARTS.includes(name) ? PARTS.indexOf(name) : PARTS.length);
  return Object.keys(metrics).sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}

/** `metrics.test.auc` as a heading: AUC (test); a parameter as stage.parameter. */
export function figureLabel(name: string): string {
  const [kind, first = "", second = ""] = name.split(".");
  return kind === "metrics" ? `${MODEL_METRICS[second]?.label ?? second} (${first})` : `${first}.${second}`;
}

/** A metric's or parameter's value; a dash for a run that does not have it. */
export function figureInWords(name: string, value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (name.startsWith("metrics.") && typeof value === "number") return metricInWords(name.split(".")[2] ?? "", value);
  return typeof value === "string" ? value : JSON.stringify(value);
}
