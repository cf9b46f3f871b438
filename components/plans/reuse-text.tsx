import { Anchor } from "@mantine/core";
import Link from "next/link";
import { durationInWords } from "@/components/runs/figures";
import type { PlanReuse } from "@/lib/contracts/plan-graph";

/** What of a stage need not be done again, with the run that did it; nothing when everything must. */
export function ReuseText({ reuse }: { reuse: PlanReuse | null }) {
  if (!reuse) return null;
  const { run, seconds } = reuse;
  return (
    <>
      {reuse.kind === "fitted" ? "✓ " : "▣ "}
      <Anchor component={Link} href={`/runs/${run.id}`} inherit underline="always">
        run {run.number}
      </Anchor>
      {seconds !== null && `, saves ${durationInWords(seconds)}`}
    </>
  );
}

/** The same without a link, for files. */
export function reuseInWords(reuse: PlanReuse | null): string {
  if (!reuse) return "";
  return reuse.kind === "fitted" ? `fitted by run ${reuse.run.number}` : `written by run ${reuse.run.number}`;
}
