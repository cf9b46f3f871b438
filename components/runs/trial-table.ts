import type { RunSearch } from "@/lib/contracts/runs";

type Trial = RunSearch["trials"][number];

/** What the table of trials can be sorted by; a parameter as `params.stage.parameter`. */
export type TrialColumn = "number" | "score" | "deviation" | "seconds" | `params.${string}`;

/** The parameters that a search varies, as `stage.parameter`. */
export function paramsOfTrials(trials: readonly Trial[]): string[] {
  return Object.entries(trials[0]?.params ?? {}).flatMap(([stage, params]) =>
    Object.keys(params).map((param) => `${stage}.${param}`),
  );
}

function valueOf({ params }: Trial, column: string): unknown {
  const [stage = "", param = ""] = column.split(".");
  return params[stage]?.[param];
}

/** A parameter's value as people read it. @param param `stage.parameter` */
export function valueInWords(trial: Trial, param: string): string {
  const value = valueOf(trial, param);
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Numbers by size, other values by their text; what is missing comes last either way. */
export function compareTrials(
  one: Trial,
  other: Trial,
  { by, falling }: { by: TrialColumn; falling: boolean },
): number {
  const read = (trial: Trial) => (by.startsWith("params.") ? valueOf(trial, by.slice("params.".length)) : trial[by as "number"]); // prettier-ignore
  const [left, right] = [read(one), read(other)];
  if (left === null || right === null)
    return Number(left === null) - Number(right === null) || one.number - other.number;
  const order =
    typeof left === "number" && typeof right === "number" ? left - right : String(left).localeCompare(String(right));
  return (falling ? -order : order) || one.number - other.number;
}
