import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import Link from "next/link";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { RuleEvidence } from "@/lib/contracts/change-rules";
import type { Change } from "@/lib/contracts/changes";

/** What rules say of the data behind the proposal: which failed, on what data, and whether it blocks. */
export function RuleEvidenceView({ rules, checks }: { rules: RuleEvidence | undefined; checks: Change["checks"] }) {
  if (!rules) return <Text size="sm">This request ended before rules were part of the evidence.</Text>;
  const check = checks.find(({ name }) => name === "rules");
  const blocks = check?.grade === "hard" && !check.passed;
  return (
    <Stack gap="md">
      {/* What blocks stands above everything else on the page. */}
      {check && !blocks && <Text size="sm">{check.sentence}</Text>}
      {rules.datasets.length > 0 && (
        <WideTable label="Data of the proposed version" minWidth={560}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Data</Table.Th>
                <Table.Th>Role</Table.Th>
                <Table.Th data-numeric>Rules passed</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Checked</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rules.datasets.map((data) => (
                <Table.Tr key={`${data.dataset}@${data.version}`}>
                  <Table.Td>
                    <Anchor component={Link} href={`/datasets/${encodeURIComponent(data.dataset)}?tab=rules`} inherit>
                      {data.dataset}@{data.version}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>{data.role === "values" ? "holds the values" : "they come from it"}</Table.Td>
                  <Table.Td data-numeric>
                    {data.passed} of {data.evaluated}
                  </Table.Td>
                  <Table.Td>
                    {data.quarantined ? (
                      <StateBadge state="quarantined" />
                    ) : data.unchecked > 0 ? (
                      `${data.unchecked} not checked`
                    ) : data.evaluated === 0 ? (
                      "no rules"
                    ) : data.passed < data.evaluated ? (
                      "some failed"
                    ) : (
                      "fine"
                    )}
                  </Table.Td>
                  <Table.Td>{data.checkedAt ? <TimeAgo at={data.checkedAt} /> : "never"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {rules.failed.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            Failed
          </Title>
          <WideTable label="Rules that failed" minWidth={560}>
            <Table verticalSpacing={6}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Rule</Table.Th>
                  <Table.Th>Severity</Table.Th>
                  <Table.Th>Found</Table.Th>
                  <Table.Th>On</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rules.failed.map(({ words, severity, found, dataset, version }) => (
                  <Table.Tr key={`${words} ${dataset}`}>
                    <Table.Td>{words}</Table.Td>
                    <Table.Td>{severity}</Table.Td>
                    <Table.Td>{found}</Table.Td>
                    <Table.Td>
                      {dataset}@{version}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        </section>
      )}
      {rules.personal.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            Personal data
          </Title>
          <Stack gap={4}>
            {rules.personal.map(({ column, kinds, examples, declared, dataset, version }) => (
              <Text size="sm" key={`${column} ${dataset}`}>
                <b>{column}</b> holds {kinds.join(", ")}
                {examples.length > 0 && <> such as {examples.join(", ")} (masked)</>}, found in {dataset}@{version}.{" "}
                {declared ? "It is declared to." : "It is not declared personal: declare it, or remove them."}
              </Text>
            ))}
          </Stack>
        </section>
      )}
    </Stack>
  );
}
