"use client";

import { Alert, Table, Text } from "@mantine/core";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { DeclaredDetail, SplitAssignment } from "@/lib/contracts/definitions";
import classes from "./definitions.module.css";

type Split = NonNullable<DeclaredDetail["split"]>;

const KINDS: Record<string, string> = {
  time: "by time",
  hash: "by hash",
  group: "by group",
  random: "drawn at random",
  stratified: "drawn within each class",
  kfold: "in folds",
};

/** A split policy's parts, and the assignments that runs materialised. */
export function SplitParts({ name, split }: { name: string; split: Split }) {
  return (
    <>
      <Section id="parts" title="Parts" note={`${split.parts.length} parts, ${KINDS[split.type] ?? split.type}`}>
        <WideTable label={`Parts of ${name}`} minWidth={320}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Part</Table.Th>
                <Table.Th>Rows</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {split.parts.map(({ part, rows }) => (
                <Table.Tr key={part}>
                  <Table.Td>{part}</Table.Td>
                  <Table.Td>{rows}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      </Section>
      {split.assignments && <Assignments parts={split.parts.map(({ part }) => part)} all={split.assignments} />}
    </>
  );
}

function Assignments({ parts, all }: { parts: string[]; all: SplitAssignment[] }) {
  const [newest] = all;
  // A version of before may have had other parts.
  const columns = [...new Set([...parts, ...all.flatMap((one) => Object.keys(one.parts))])];
  return (
    <Section id="assignments" title="Assignments" note={all.length > 0 ? String(all.length) : undefined}>
      {!newest && (
        <Text size="sm" c="dimmed">
          Nothing is assigned yet. The first run that fits or tests by this policy assigns the rows of the version that
          it reads, and keeps which row is in which part.
        </Text>
      )}
      {newest && (
        <WideTable label="Materialised assignments" minWidth={520 + 80 * columns.length}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Dataset</Table.Th>
                <Table.Th>Policy</Table.Th>
                <Table.Th data-numeric>Rows</Table.Th>
                {columns.map((part) => (
                  <Table.Th key={part} data-numeric>
                    {part}
                  </Table.Th>
                ))}
                <Table.Th>Digest</Table.Th>
                <Table.Th>Materialised</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((one) => (
                <Table.Tr key={`${one.dataset} ${one.version} ${one.policyVersion}`}>
                  <Table.Td>
                    {one.dataset}@{one.version}
                  </Table.Td>
                  <Table.Td>version {one.policyVersion}</Table.Td>
                  <Table.Td data-numeric>{one.rows.toLocaleString("en")}</Table.Td>
                  {columns.map((part) => (
                    <Table.Td key={part} data-numeric>
                      {one.parts[part]?.toLocaleString("en") ?? "–"}
                    </Table.Td>
                  ))}
                  <Table.Td>
                    <span className={classes.digest} title={one.digest}>
                      {one.digest.slice(0, 12)}
                    </span>
                  </Table.Td>
                  <Table.Td>
                    <TimeAgo at={one.createdAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {newest?.warning && (
        <Alert color="yellow" variant="light" mt="sm" title={`${newest.dataset}@${newest.version}`}>
          {newest.warning}
        </Alert>
      )}
      {newest && newest.classes.length > 0 && <Classes of={newest} columns={parts} />}
    </Section>
  );
}

/** How the newest assignment shares each class. */
function Classes({
  of: { dataset, version, classes: shown, classCount },
  columns,
}: {
  of: SplitAssignment;
  columns: string[];
}) {
  const more = classCount - shown.length;
  return (
    <>
      <Text size="sm" mt="md" mb={4}>
        Rows of each class of {dataset}@{version}
        {more > 0 && `, the ${shown.length} largest of ${classCount.toLocaleString("en")}`}
      </Text>
      <WideTable label="Rows of each class" minWidth={240 + 80 * columns.length}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Value</Table.Th>
              <Table.Th data-numeric>Rows</Table.Th>
              {columns.map((part) => (
                <Table.Th key={part} data-numeric>
                  {part}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ value, rows, parts }) => (
              <Table.Tr key={value === null ? "missing" : `=${value}`}>
                <Table.Td>{value ?? "missing"}</Table.Td>
                <Table.Td data-numeric>{rows.toLocaleString("en")}</Table.Td>
                {columns.map((part) => (
                  <Table.Td key={part} data-numeric>
                    {parts[part]?.toLocaleString("en") ?? "–"}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
