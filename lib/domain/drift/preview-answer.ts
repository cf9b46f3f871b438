/** What a preview answers: members by name. Numbers may be infinite or NaN until `toJson` names them. */
export type AnswerValue = number | string | boolean | null | AnswerValue[] | { [member: string]: AnswerValue };
export type Answer = { [member: string]: AnswerValue };

/** A defined answer where there is nothing to compare. */
export function insufficient(reason: string): Answer {
  return { value: null, status: "insufficient_data", reason };
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
