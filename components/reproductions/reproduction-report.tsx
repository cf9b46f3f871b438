import { Group, Stack, Table, Text } from "@mantine/core";
import { Sentence } from "@/components/ui/sentence";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { Reproduction } from "@/lib/contracts/reproductions";
import { durationInWords } from "@/components/runs/figures";

type Report = NonNullable<Reproduction["report"]>;
type Level = Report["levels"][number];

const LABELS: Record<Level["name"], string> = {
  available: "Inputs available",
  inputs: "Inputs identical",
  definitions: "Definitions",
  environment: "Environment",
  artefacts: "Artefacts",
  metrics: "Metrics",
  outputs: "Rows written",
};

/** Findings that are shown one by one, of those that are the same fewer; the rest are counted. */
const MOST_SHOWN = 8;
const MOST_SAME = 2;

/** What was found, level by level; what is not the same comes first. */
export function ReproductionReport({
  report: { verdict, summary, levels, seconds, tolerance, largestDifference },
  reproduction: { requestedBy, requestedAt },
}: {
  report: Report;
  reproduction: Reproduction;
}) {
  return (
    <Stack gap="sm" role="status">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <StateBadge state={verdict} />
        <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Sentence text={summary} />
        </Text>
      </Group>
      <WideTable label="Levels of the reproduction" minWidth={520}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Level</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Found</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {levels.map((level) => (
              <Table.Tr key={level.name} style={{ verticalAlign: "top" }}>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{LABELS[level.name]}</Table.Td>
                <Table.Td>
                  <StateBadge state={level.state} />
                </Table.Td>
                <Table.Td>
                  <Findings level={level} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="xs" c="dimmed">
        Asked for by {requestedBy} <TimeAgo at={requestedAt} />; took {durationInWords(seconds)}. Numbers count as the
        same up to a relative difference of {tolerance}; the largest was{" "}
        {largestDifference === 0 ? "0" : largestDifference.toPrecision(2)}.
      </Text>
    </Stack>
  );
}

const RANK = ["gone", "differs", "within_tolerance", "not_recorded", "not_reached", "identical"];

function Findings({ level: { findings } }: { level: Level }) {
  const telling = findings.filter(({ state }) => state !== "identical");
  const all = telling.length > 0 ? telling : findings;
  const shown = all
    .toSorted((one, other) => RANK.indexOf(one.state) - RANK.indexOf(other.state))
    .slice(0, telling.length > 0 ? MOST_SHOWN : MOST_SAME);
  const same = findings.length - shown.length;
  return (
    <Stack gap={2}>
      {shown.map(({ subject, text }) => (
        <Text key={subject} size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
          <Sentence text={text} />
        </Text>
      ))}
      {same > 0 && (
        <Text size="xs" c="dimmed">
          {telling.length > MOST_SHOWN ? `and ${same} more` : `${same} more, the same`}
        </Text>
      )}
    </Stack>
  );
}
