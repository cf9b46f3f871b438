import { DomainError } from "@/lib/domain/errors";
import { type Level, toLevel } from "@/lib/domain/reproductions/report";

/** What doing something again found; levels that are missing were not reached. */
export interface Redone {
  levels: Level[];
  /** Relative, of all numbers that were compared. */
  largestDifference: number;
}

/** Whether an error is an answer about what is done again, and not about the machine that tries. */
export function isAnswer(error: unknown): error is DomainError {
  return error instanceof DomainError && !["canceled", "unavailable", "too_many"].includes(error.code);
}

/** What ran then and fails now. */
export function failsNow({ message }: DomainError): Level {
  return toLevel("artefacts", [
    { subject: "the work itself", state: "differs", text: `Done again it fails: ${message}` },
  ]);
}
