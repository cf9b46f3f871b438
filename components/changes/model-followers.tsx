import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { ModelFollower } from "@/lib/contracts/change-model-evidence";

/** The jobs that score with whatever version has the alias, and when they would take the new one. */
export function ModelFollowers({ alias, followers }: { alias: string; followers: ModelFollower[] }) {
  if (followers.length === 0)
    return (
      <Text size="sm" maw="75ch">
        No deployment follows {alias} of this model: the alias moves, but no job scores with it automatically.
      </Text>
    );
  return (
    <>
      <Text size="sm" mb="sm" maw="75ch">
        These jobs follow {alias} automatically: their next run scores with the version that has it then.
      </Text>
      <WideTable minWidth={520} label="Jobs that follow the alias">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Deployment</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Next run</Table.Th>
              <Table.Th data-numeric>Last run</Table.Th>
              <Table.Th>Can score with it</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {followers.map((follower) => (
              <Table.Tr key={follower.deployment}>
                <Table.Td>
                  <Anchor component={Link} href={`/deployments/${follower.deployment}`} inherit>
                    {follower.deployment}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <StateBadge state={follower.state} />
                </Table.Td>
                <Table.Td>{follower.nextRunAt ? <TimeAgo at={follower.nextRunAt} /> : "on demand"}</Table.Td>
                <Table.Td data-numeric>{follower.lastRun === null ? "–" : `#${follower.lastRun}`}</Table.Td>
                <Table.Td>{follower.fits ? "yes" : "no, it runs another variant"}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
