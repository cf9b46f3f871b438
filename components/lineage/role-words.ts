import type { LineageEdge } from "@/lib/contracts/lineage";
import { kindOf } from "@/lib/domain/lineage/graph";

/** A flow as a verb from the one that is read to the one that reads. */
export function roleWords({ from, to, role }: Pick<LineageEdge, "from" | "to" | "role">): string {
  switch (role) {
    case "reads":
      return "is read by";
    case "fits":
      return kindOf(from) === "stage" ? "is fitted as" : "is read to fit";
    case "writes":
      return "writes";
    case "contains":
      return kindOf(to) === "view" ? "is part of" : "has the column";
    case "serves":
      return "is served by";
    case "through":
      return "is partly served by";
  }
}
