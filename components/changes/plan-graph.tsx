import { type GraphStage, StageGraph } from "@/components/ui/stage-graph";
import type { PlanStageChange } from "@/lib/contracts/change-plan";

/** Both plans as one graph, from the data at the left to the result at the right. */
export function PlanGraph({ plan }: { plan: PlanStageChange[] }) {
  const counts = (change: PlanStageChange["change"]) => plan.filter((item) => item.change === change).length;
  return (
    <StageGraph
      label="Graph of the plan"
      about={`Plan: ${counts("added")} stages added, ${counts("removed")} removed, ${counts("changed")} changed, ${counts("kept")} kept.`}
      stages={plan.map((item): GraphStage => ({
        id: item.stage,
        name: item.stage,
        kind: item.kind,
        note: item.kind === "source" ? "source" : item.operator,
        reads: item.reads,
        look: item.change === "kept" ? "plain" : item.change,
        title: `${item.stage}, ${item.kind}: ${item.change}`,
      }))}
    />
  );
}
