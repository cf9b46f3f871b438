"use client";

import { Alert, Anchor, Group, NativeSelect, Skeleton, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsInteger, useQueryStates } from "nuqs";
import { featureQueries } from "@/lib/client/features";
import type { FeatureVersionEntry } from "@/lib/contracts/feature-detail";
import { lineDiff } from "@/lib/domain/specs/line-diff";
import { DiffLines } from "@/components/definitions/diff-lines";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { ErrorState } from "@/components/ui/error-state";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import classes from "./feature.module.css";

/** Every version, which environment serves it, and the difference between any two. */
export function FeatureVersions({ workspace, name }: { workspace: string; name: string }) {
  const { data, error, isPending } = useQuery(featureQueries.versions(workspace, name));
  const [chosen, choose] = useQueryStates({ from: parseAsInteger, to: parseAsInteger });
  if (error) return <ErrorState error={error} />;
  if (isPending) return <Skeleton height={240} />;
  const versions = data.items;
  if (versions.length === 0)
    return <EmptyState title="No version yet">The first run that writes it records one.</EmptyState>;
  const find = (number: number | null, fallback: FeatureVersionEntry | undefined) =>
    versions.find((version) => version.version === number) ?? fallback;
  const to = find(chosen.to, versions[0]);
  const from = find(chosen.from, versions[1]);
  const options = versions.map((version) => ({
    value: String(version.version),
    label: `v${version.version} ${version.writer}`,
  }));
  return (
    <Stack gap="lg">
      <WideTable label="Versions of the feature" minWidth={640}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>Serves</Table.Th>
              <Table.Th>Made by</Table.Th>
              <Table.Th>Run</Table.Th>
              <Table.Th>Recorded</Table.Th>
              <Table.Th>Signature</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {versions.map((version) => (
              <Table.Tr key={version.version}>
                <Table.Td>v{version.version}</Table.Td>
                <Table.Td>
                  <Group gap={4}>
                    {version.environments.map((environment) => (
                      <EnvironmentBadge key={environment} environment={environment} />
                    ))}
                    {version.environments.length === 0 && (
                      <Text span size="sm" c="dimmed">
                        nowhere
                      </Text>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{version.writer}</Table.Td>
                <Table.Td>
                  {version.run ? (
                    <Anchor component={Link} href={`/runs/${version.run.id}`} size="sm">
                      run {version.run.number}
                    </Anchor>
                  ) : (
                    "–"
                  )}
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>
                  <TimeAgo at={version.createdAt} /> by {version.createdBy}
                </Table.Td>
                <Table.Td className={classes.mono} title={version.signature}>
                  {version.signature.startsWith("source:") ? version.signature : version.signature.slice(0, 12)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {from && to && (
        <section>
          <Group justify="space-between" mb="xs">
            <Title order={2}>Difference</Title>
            <Group gap="xs">
              <NativeSelect
                size="xs"
                aria-label="Before"
                data={options}
                value={String(from.version)}
                onChange={(event) => void choose({ from: Number(event.currentTarget.value) })}
              />
              <Text size="sm">→</Text>
              <NativeSelect
                size="xs"
                aria-label="After"
                data={options}
                value={String(to.version)}
                onChange={(event) => void choose({ to: Number(event.currentTarget.value) })}
              />
            </Group>
          </Group>
          <VersionDifference from={from} to={to} />
        </section>
      )}
    </Stack>
  );
}

function VersionDifference({ from, to }: { from: FeatureVersionEntry; to: FeatureVersionEntry }) {
  if (from.version === to.version) return <Alert color="gray">The same version twice.</Alert>;
  if (from.text === to.text)
    return (
      <Alert color="gray">The same stages with the same parameters; the versions of stages upstream differ.</Alert>
    );
  return <DiffLines lines={lineDiff(from.text, to.text)} label={`Difference of v${from.version} and v${to.version}`} />;
}
