import { Table, Text } from "@mantine/core";
import { WideTable } from "@/components/ui/wide-table";
import type { PlanStageChange } from "@/lib/contracts/change-plan";
import { ChangeMark } from "./change-mark";
import { PlanGraph } from "./plan-graph";

/** What the request does to the plan: a graph, and the same as a table. */
export function PlanDiff({ plan }: { plan: PlanStageChange[] }) {
  const names = (change: PlanStageChange["change"]) => plan.filter((item) => item.change === change);
  const [added, removed, changed] = [names("added"), names("removed"), names("changed")];
  const differs = added.length + removed.length + changed.length > 0;
  return (
    <>
      <Text size="sm" mb="sm">
        {differs
          ? `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${names("kept").length} kept.`
          : "Both versions have the same plan."}
      </Text>
      <PlanGraph plan={plan} />
      <WideTable minWidth={640} label="Stages of the plan">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Stage</Table.Th>
              <Table.Th>Change</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Version</Table.Th>
              <Table.Th>Writes</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {plan.map((item) => (
              <Table.Tr key={item.stage}>
                <Table.Td>{item.stage}</Table.Td>
                <Table.Td>
                  <ChangeMark change={item.change} />
                </Table.Td>
                <Table.Td>
                  {item.kind} · {item.operator}
                </Table.Td>
                <Table.Td>{versionsOf(item)}</Table.Td>
                <Table.Td>{item.columns.join(", ")}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}

function versionsOf({ before, after }: PlanStageChange): string {
  if (before === after || before === null) return `v${after}`;
  return after === null ? `v${before}` : `v${before} → v${after}`;
}
