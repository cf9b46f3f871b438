"use client";

import { Alert, Anchor, Button, Menu, Skeleton, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { Reproductions } from "@/components/reproductions/reproductions";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { urlOf } from "@/lib/client/api";
import { trainingMutations, trainingQueries } from "@/lib/client/training-datasets";
import { downloadTrainingDataset, type TrainingDataset } from "@/lib/contracts/training-datasets";
import { Compare } from "./compare";
import { FeatureVerdicts } from "./feature-verdicts";
import { PartCounts } from "./part-counts";
import { RecipeFacts } from "./recipe-facts";
import { RemoveMenu } from "./remove-menu";

const count = new Intl.NumberFormat("en");

/** One training dataset: what it is made from, what came of it, what leaks, and what can be done with it. */
export function TrainingPage({
  workspace,
  name,
  others,
  canEdit,
  canDownload,
}: {
  workspace: string;
  name: string;
  others: string[];
  canEdit: boolean;
  canDownload: boolean;
}) {
  const { data, error, refetch } = useQuery(trainingQueries.detail(workspace, name));
  const recompute = useMutation(trainingMutations.recompute(useQueryClient(), workspace, name));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton height={320} />;
  return (
    <>
      <PageHeader
        title={data.name}
        facts={
          <>
            {count.format(data.rows)} rows, {data.columns.length} columns · frozen <TimeAgo at={data.createdAt} /> by{" "}
            {data.createdBy}
          </>
        }
        actions={
          <>
            {canDownload && data.cached && <Download workspace={workspace} name={name} />}
            {canEdit && (
              <Button
                variant={data.cached ? "default" : "filled"}
                loading={recompute.isPending}
                onClick={() => recompute.mutate()}
              >
                Recompute
              </Button>
            )}
            {canEdit && <RemoveMenu workspace={workspace} dataset={data} />}
          </>
        }
      />
      {data.description && <Text mb="md">{data.description}</Text>}
      {recompute.error && (
        <Alert color="red" role="alert" title="The rows were not made again" mb="md">
          {recompute.error.message}
        </Alert>
      )}
      {recompute.isSuccess && (
        <Alert color="green" role="status" title="The same rows" mb="md">
          The recipe gave rows with the digest {data.contentDigest.slice(0, 12)} again.
        </Alert>
      )}
      {!data.cached && (
        <Alert color="blue" title="The rows are not kept at present" mb="md">
          Recompute makes the same rows again from the recipe; then they can be downloaded.
        </Alert>
      )}
      <Section
        id="leaks"
        title="What leaks"
        note={data.verdicts.length > 0 ? `judged when it was frozen, by rules ${data.rules}` : undefined}
      >
        <FeatureVerdicts verdicts={data.verdicts} />
      </Section>
      <Section id="parts" title="Rows">
        <PartCounts rows={data.rows} parts={data.parts} split={data.recipe.split} />
      </Section>
      <Section id="recipe" title="Recipe">
        <RecipeFacts dataset={data} />
      </Section>
      <Section id="columns" title="Columns">
        <Columns dataset={data} />
      </Section>
      <Section id="reproduce" title="Reproduce">
        <Reproductions subject={{ workspace, trainingDataset: name }} mayStart={canEdit} />
      </Section>
      <Section id="compare" title="Compare">
        <Compare workspace={workspace} name={name} others={others} />
      </Section>
    </>
  );
}

function Download({ workspace, name }: { workspace: string; name: string }) {
  const formats = ["parquet", "arrow", "csv", "json"] as const;
  return (
    <Menu>
      <Menu.Target>
        <Button leftSection={<IconDownload size={16} />}>Download</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={urlOf(downloadTrainingDataset, { params: { name }, query: { workspace, format } })}
            download
          >
            {format === "parquet" ? "Parquet" : format === "arrow" ? "Arrow" : format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Every column with what it is for; of features, how many rows have a value and why the others have none. */
function Columns({ dataset: { columns, recipe, statuses, rows } }: { dataset: TrainingDataset }) {
  return (
    <WideTable label="Columns" minWidth={720}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th data-numeric>With a value</Table.Th>
            <Table.Th>Without one</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map(({ name, type, role }) => {
            const feature = role === "feature" ? recipe.features.find((one) => one.name === name) : undefined;
            return (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{type}</Table.Td>
                <Table.Td>{role === "spine" ? "—" : role}</Table.Td>
                <Table.Td>
                  {feature ? (
                    <>
                      <Anchor component={Link} href={`/features/${encodeURIComponent(feature.feature)}`} inherit>
                        {feature.feature}
                      </Anchor>{" "}
                      v{feature.version} in{" "}
                      <Anchor component={Link} href={`/views/${feature.view}`} inherit>
                        {feature.view}
                      </Anchor>
                    </>
                  ) : role === "split" ? (
                    recipe.split?.policy
                  ) : (
                    recipe.spine.source
                  )}
                </Table.Td>
                <Table.Td data-numeric>
                  {feature ? `${count.format(statuses[name]?.PRESENT ?? 0)} of ${count.format(rows)}` : ""}
                </Table.Td>
                <Table.Td>{feature ? absentInWords(statuses[name] ?? {}) : ""}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

const ABSENT = { NULL: "null", NO_ROW: "none before the moment", EXPIRED: "too old", NO_KEY: "no key" } as const;

function absentInWords(statuses: TrainingDataset["statuses"][string]): string {
  return Object.entries(ABSENT)
    .flatMap(([status, words]) => {
      const rows = statuses[status as keyof typeof ABSENT];
      return rows === undefined ? [] : [`${count.format(rows)} ${words}`];
    })
    .join(", ");
}
