/** What a preview answers: members by name. Numbers may be infinite or NaN until `toJson` names them. */
export type AnswerValue = number | string | boolean | null | AnswerValue[] | { [member: string]: AnswerValue };
export type Answer = { [member: string]: AnswerValue };

export type SampleStatus = "ok" | "ok_low_sample" | "insufficient_data";

/** Rows that a side should have before a score means much: what monitors ask for. */
const ENOUGH_ROWS = 30;

export function statusOf(rows: readonly number[]): SampleStatus {
  return rows.some((count) => count < ENOUGH_ROWS) ? "ok_low_sample" : "ok";
}

/** A defined answer where there is nothing to compare. */
export function insufficient(reason: string, more: Answer = {}): Answer {
  return { value: null, status: "insufficient_data", reason, ...more };
}

/** JSON has no words for infinities and NaN: they travel as strings. It has two zeros, of which one is enough. */
export function toJson(value: AnswerValue): AnswerValue {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, toJson(inner)]));
  }
  return value;
}
