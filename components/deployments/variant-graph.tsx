import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { type GraphStage, StageGraph } from "@/components/ui/stage-graph";
import { WideTable } from "@/components/ui/wide-table";
import type { DeploymentDetail } from "@/lib/contracts/deployments";

/** Stage → what it reads: stages by name, and `source:NAME`. */
export type StageReads = Record<string, string[]>;

/** The deployed stages as a graph and as a table, with those that have a newer version in the registry. */
export function VariantGraph({ stages, reads }: { stages: DeploymentDetail["stages"]; reads: StageReads }) {
  const sources = [...new Set(Object.values(reads).flat())].filter((read) => read.startsWith("source:"));
  const outdated = stages.filter(({ version, newest }) => newest > version).length;
  const nodes: GraphStage[] = [
    ...sources.map((id): GraphStage => {
      const name = id.slice("source:".length);
      return { id, name, kind: "source", note: "source", reads: [], look: "plain", title: `${name}, source` };
    }),
    ...stages.map((stage): GraphStage => ({
      id: stage.stage,
      name: stage.stage,
      kind: stage.kind,
      note: `${stage.operator} v${stage.version}`,
      reads: reads[stage.stage] ?? [],
      look: stage.newest > stage.version ? "changed" : "plain",
      title: `${stage.stage}, ${stage.operator}, version ${stage.version}`,
    })),
  ];
  return (
    <>
      <Text size="sm" mb={6} c="dimmed">
        {stages.length} stages, {stages.filter(({ kind }) => kind === "estimator").length} of them fitted (double
        border)
        {outdated > 0 && `; ${outdated} changed in the registry since (~): deploy again to take the change`}.
      </Text>
      <StageGraph
        stages={nodes}
        label="Graph of the variant"
        about={`${stages.length} stages of the deployed variant.`}
      />
      <WideTable label="Deployed stages" minWidth={420}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Stage</Table.Th>
              <Table.Th>Operator</Table.Th>
              <Table.Th>Deployed</Table.Th>
              <Table.Th>Newest</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {stages.map((stage) => (
              <Table.Tr key={stage.stage}>
                <Table.Td>
                  <Anchor component={Link} href={`/stages/${stage.stage}`} inherit>
                    {stage.stage}
                  </Anchor>
                </Table.Td>
                <Table.Td>{stage.operator}</Table.Td>
                <Table.Td>v{stage.version}</Table.Td>
                <Table.Td>v{stage.newest}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
