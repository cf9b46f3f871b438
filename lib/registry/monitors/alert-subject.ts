import type { Prisma } from "@/lib/db/generated/client";
import { isConceptMonitor } from "@/lib/domain/definitions/concept-monitor";

/** What an alert is read with to say what it is about. */
export const WITH_SUBJECT = {
  monitor: { select: { name: true, definition: true } },
  view: { select: { name: true } },
} as const satisfies Prisma.AlertInclude;

export interface AlertSubject {
  /** Name of the monitor, or of the view whose values are too old. */
  monitor: string;
  isConcept: boolean;
  /** Whether it is about the age of a view's values. */
  isFreshness: boolean;
}

export function subjectOf({ monitor, view }: Prisma.AlertGetPayload<{ include: typeof WITH_SUBJECT }>): AlertSubject {
  return {
    monitor: monitor?.name ?? view?.name ?? "",
    isConcept: monitor !== null && isConceptMonitor(monitor.definition),
    isFreshness: view !== null,
  };
}
