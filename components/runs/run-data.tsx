import { Anchor, Badge, Group, Stack, Table, Text } from "@mantine/core";
import Link from "next/link";
import type { Run } from "@/lib/contracts/runs";
import { nounOf, ObjectLink } from "@/components/definitions/object-link";
import { WideTable } from "@/components/ui/wide-table";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { bytesInWords, count, durationInWords } from "./figures";
import { Sentence } from "@/components/ui/sentence";
import classes from "./runs.module.css";

export function RunDatasets({ datasets, label, linked }: { datasets: Run["inputs"]; label: string; linked?: boolean }) {
  return (
    <WideTable label={label} minWidth={340}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Dataset</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th data-numeric>Size</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.map((dataset) => (
            <Table.Tr key={dataset.dataset}>
              <Table.Td>
                {linked ? (
                  <Anchor component={Link} href={`/datasets/${dataset.dataset}`}>
                    {dataset.dataset}
                  </Anchor>
                ) : (
                  dataset.dataset
                )}{" "}
                v{dataset.version}
                {dataset.timeFrom && dataset.timeTo && (
                  <Text size="xs" c="dimmed">
                    {dataset.timeFrom.slice(0, 10)} to {dataset.timeTo.slice(0, 10)}
                  </Text>
                )}
                <Text size="xs" c="dimmed" title={`SHA-256 ${dataset.digest}`}>
                  digest {dataset.digest.slice(0, 12)}
                </Text>
              </Table.Td>
              <Table.Td data-numeric>{count(dataset.rows)}</Table.Td>
              <Table.Td data-numeric>{bytesInWords(dataset.bytes)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

export function RunFits({ fits }: { fits: Run["fits"] }) {
  return (
    <WideTable label="Fits" minWidth={480}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Estimator</Table.Th>
            <Table.Th>Fit rows</Table.Th>
            <Table.Th data-numeric>Count</Table.Th>
            <Table.Th data-numeric>Duration</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fits.map((fit) => (
            <Table.Tr key={`${fit.stage} ${fit.rowSet}`}>
              <Table.Td>
                {fit.stage}
                <Text size="xs" c="dimmed">
                  {fit.class}, {fit.where.engine} engine
                </Text>
                <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {fit.where.uri}
                </Text>
              </Table.Td>
              <Table.Td>{fit.rowSet}</Table.Td>
              <Table.Td data-numeric>{count(fit.rows)}</Table.Td>
              <Table.Td data-numeric>{durationInWords(fit.seconds)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

export function RunFeatureVersions({ versions }: { versions: Run["featureVersions"] }) {
  return (
    <WideTable label="Feature versions" minWidth={340}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Feature</Table.Th>
            <Table.Th>Version</Table.Th>
            <Table.Th>Written by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <Table.Tr key={version.feature}>
              <Table.Td>
                <Anchor component={Link} href={`/features/${version.feature}`}>
                  {version.feature}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  v{version.version}
                  {version.created && (
                    <Badge size="sm" variant="light" tt="none" fw={500}>
                      new
                    </Badge>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{version.stage}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

export function RunModels({ models }: { models: Run["modelVersions"] }) {
  return models.map((model) => (
    <section key={model.model} className={classes.panel} aria-label={`Model ${model.model}`}>
      <Stack gap={4}>
        <Group gap="sm">
          <Anchor component={Link} href={`/models/${model.model}`} fw={600}>
            {model.model} v{model.version}
          </Anchor>
          <StateBadge state={model.verdict} />
        </Group>
        <Text size="sm" component="div">
          <Sentence text={model.sentence} />
        </Text>
      </Stack>
    </section>
  ));
}

export function RunMaterialisations({ sets }: { sets: Run["materialisations"] }) {
  return (
    <Stack gap={6}>
      {sets.map((set) => (
        <Group key={set.view} justify="space-between" gap="sm">
          <Text size="sm">
            {set.view}: {count(set.rows)} entities
          </Text>
          <Text size="sm" c="dimmed">
            <TimeAgo at={set.at} />
          </Text>
        </Group>
      ))}
    </Stack>
  );
}

/** Versions of the definitions that a run knew, kind by kind; what is declared now may be another. */
export function RunDefinitions({ definitions }: { definitions: Run["definitions"] }) {
  const kinds = [...new Set(definitions.map(({ kind }) => kind))];
  return (
    <Stack gap={4}>
      {kinds.map((kind) => (
        <Text key={kind} size="sm" component="div">
          {sentenceCase(nounOf(kind))}:{" "}
          {definitions
            .filter((one) => one.kind === kind)
            .map(({ name, version }, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <ObjectLink kind={kind} name={name} /> v{version}
              </span>
            ))}
        </Text>
      ))}
    </Stack>
  );
}

function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
