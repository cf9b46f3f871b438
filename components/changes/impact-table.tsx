"use client";

import { Anchor, Table, Text } from "@mantine/core";
import Link from "next/link";
import { WideTable } from "@/components/ui/wide-table";
import type { FeatureEvidence, FeatureReader } from "@/lib/contracts/change-evidence";
import type { ImpactItem } from "@/lib/contracts/change-plan";

const PAGES: Partial<Record<ImpactItem["kind"], (name: string) => string>> = {
  feature: (name) => `/features/${encodeURIComponent(name)}`,
  stage: (name) => `/stages/${encodeURIComponent(name)}`,
  model: (name) => `/models/${encodeURIComponent(name)}`,
};

/** What reads the feature, with whom to tell. */
export function ImpactTable({ evidence }: { evidence: FeatureEvidence }) {
  const { impact, owners, readers = [] } = evidence;
  if (impact.length === 0) return <Text size="sm">Nothing reads this feature yet.</Text>;
  return (
    <>
      {readers.length > 0 && <OtherReaders readers={readers} />}
      <Text size="sm" mb="sm">
        {impact.length} {impact.length === 1 ? "thing reads" : "things read"} it, owned by{" "}
        {owners.join(", ") || "no recorded owner"}.
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

/** Models that were trained on another version than the one that they would receive. */
function OtherReaders({ readers }: { readers: FeatureReader[] }) {
  return (
    <WideTable minWidth={560} label="Readers trained on another version">
      <Table verticalSpacing={6} mb="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Reader trained on another version</Table.Th>
            <Table.Th>Alias</Table.Th>
            <Table.Th>Trained on</Table.Th>
            <Table.Th>Values not seen in training</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {readers.map((reader) => (
            <Table.Tr key={reader.modelVersionId}>
              <Table.Td>
                <Anchor component={Link} href={`/models/${encodeURIComponent(reader.model)}`} inherit>
                  {reader.model}
                </Anchor>{" "}
                v{reader.modelVersion}
              </Table.Td>
              <Table.Td>{reader.aliases.join(", ") || "—"}</Table.Td>
              <Table.Td>version {reader.trainedOn}</Table.Td>
              <Table.Td>{neverSeenInWords(reader)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function neverSeenInWords({ neverSeen }: FeatureReader): string {
  if (neverSeen === null) return "not known";
  return neverSeen.length === 0 ? "none" : neverSeen.join(", ");
}
