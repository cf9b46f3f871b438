"use client";

import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { WideTable } from "@/components/ui/wide-table";
import type { FeatureEvidence } from "@/lib/contracts/change-evidence";
import type { ImpactItem } from "@/lib/contracts/change-plan";

const PAGES: Partial<Record<ImpactItem["kind"], (name: string) => string>> = {
  feature: (name) => `/features/${encodeURIComponent(name)}`,
  stage: (name) => `/stages/${encodeURIComponent(name)}`,
  model: (name) => `/models/${encodeURIComponent(name)}`,
};

/** What reads the feature, with whom to tell. */
export function ImpactTable({ evidence }: { evidence: FeatureEvidence }) {
  const { impact, owners } = evidence;
  if (impact.length === 0) return <Text size="sm">Nothing reads this feature yet.</Text>;
  return (
    <>
      <Text size="sm" mb="sm">
        {impact.length} {impact.length === 1 ? "thing reads" : "things read"} it, owned by{" "}
        {owners.join(", ") || "nobody on record"}.
      </Text>
      <WideTable minWidth={560} label="What reads the feature">
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Name</Table.Th>
              <Table.Th>Owner</Table.Th>
              <Table.Th>How</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {impact.map((item) => {
              const page = PAGES[item.kind];
              return (
                <Table.Tr key={`${item.kind} ${item.name}`}>
                  <Table.Td>{item.kind}</Table.Td>
                  <Table.Td>
                    {page ? (
                      <Anchor component={Link} href={page(item.name)} inherit>
                        {item.name}
                      </Anchor>
                    ) : (
                      item.name
                    )}
                  </Table.Td>
                  <Table.Td>{item.owner || "—"}</Table.Td>
                  <Table.Td>{item.detail}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
