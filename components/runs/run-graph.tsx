import { Group, Text } from "@mantine/core";
import { type GraphStage, StageGraph, type StageLook } from "@/components/ui/stage-graph";
import type { Run } from "@/lib/contracts/runs";
import { count, durationInWords } from "./figures";
import { sourceOf } from "./run-graph-stages";

type Stage = Run["stageList"][number];

/** The run's stages as a graph, coloured by how far each is. The table beside it says the same. */
export function RunGraph({ run }: { run: Run }) {
  const { stageList } = run;
  const looks = stageList.map(lookOf);
  const counts = [...new Set(looks)].map((look) => `${looks.filter((one) => one === look).length} ${look}`);
  const sources = [...new Set(stageList.flatMap(({ reads }) => reads.filter((read) => sourceOf(read) !== null)))];
  const stages: GraphStage[] = [
    ...sources.map((id): GraphStage => {
      const name = sourceOf(id) ?? id;
      const version = run.inputs.find(({ dataset }) => dataset === name)?.version;
      return {
        id,
        name,
        kind: "source",
        note: version === undefined ? "source" : `version ${version}`,
        reads: [],
        look: "plain",
        title: `${name}, source`,
      };
    }),
    ...stageList.map((stage, index): GraphStage => ({
      id: stage.instance,
      name: stage.stage,
      kind: stage.kind,
      note: noteOf(stage),
      reads: stage.reads,
      look: looks[index] ?? "plain",
      title: `${stage.stage}, ${stage.operator}: ${looks[index]}${stage.saved ? `, ${savedInWords(stage.saved)}` : ""}`,
    })),
  ];
  return (
    <>
      <Group gap="md" mb={6}>
        <Text size="sm" c="dimmed" role="status">
          {stageList.length} stages: {counts.join(", ") || "none"}
        </Text>
      </Group>
      <StageGraph stages={stages} label="Graph of the run" about={`Stages of the run: ${counts.join(", ")}.`} />
    </>
  );
}

function lookOf({ state, reused }: Stage): StageLook {
  return state === "done" && reused ? "reused" : state;
}

/** What a stage took, or what it is while that is not known. */
function noteOf({ operator, seconds, rows, reused, saved }: Stage): string {
  if (reused && saved?.run) return `run #${saved.run}, saved ${durationInWords(saved.seconds)}`;
  if (seconds === null) return operator;
  return rows === null ? durationInWords(seconds) : `${durationInWords(seconds)} · ${count(rows)} rows`;
}

function savedInWords({ run, seconds }: NonNullable<Stage["saved"]>): string {
  return `${run === null ? "fitted before" : `reused from run #${run}`}, saved ${durationInWords(seconds)}`;
}
