import { Anchor, Group, Table, Text } from "@mantine/core";
import Link from "next/link";
import { AliasBadges } from "@/components/models/alias-badges";
import { headlineOf } from "@/components/runs/figures";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { DeploymentDetail } from "@/lib/contracts/deployments";

/** The versions that the fit job made, and which of them the predict jobs follow. */
export function ModelVersions({ deployment: { model, modelVersions } }: { deployment: DeploymentDetail }) {
  if (model === null || modelVersions.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {model === null ? "The variant has no estimators." : "None yet: run the fit job."}
      </Text>
    );
  return (
    <>
      <WideTable label="Model versions" minWidth={480}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Verdict</Table.Th>
              <Table.Th data-numeric>Score on test</Table.Th>
              <Table.Th>Created</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {modelVersions.map((version) => {
              const score = headlineOf(version.metrics.test);
              return (
                <Table.Tr key={version.version}>
                  <Table.Td>
                    <Group gap={6} wrap="nowrap">
                      v{version.version} <AliasBadges aliases={version.aliases} />
                    </Group>
                  </Table.Td>
                  <Table.Td>
                    <StateBadge state={version.verdict} />
                  </Table.Td>
                  <Table.Td data-numeric>{score ? `${score.name} ${score.text}` : "–"}</Table.Td>
                  <Table.Td style={{ whiteSpace: "nowrap" }}>
                    <Anchor component={Link} href={`/runs/${version.runId}`} inherit underline="always">
                      run {version.runNumber}
                    </Anchor>
                    , <TimeAgo at={version.createdAt} />
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Anchor component={Link} size="sm" href={`/models/${model}`}>
        Promote a version, compare, history
      </Anchor>
    </>
  );
}
