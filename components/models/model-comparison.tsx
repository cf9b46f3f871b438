"use client";

import { Anchor, Button, MultiSelect, SegmentedControl, Skeleton, Stack, Switch, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { partNames } from "@/components/runs/figures";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Panel } from "@/components/ui/panel";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import { modelQueries } from "@/lib/client/models";
import { type ComparedVersion, type ModelComparison, MOST_COMPARED } from "@/lib/contracts/model-comparison";
import { compareVersions, type ComparisonGroup } from "./comparison-rows";
import { EvaluationCharts } from "./evaluation-charts";

/** Model versions side by side, as the address names them: what they differ in, and their curves over each other. */
export function ModelComparisonView({ workspace, name }: { workspace: string; name: string }) {
  const [asked, setAsked] = useQueryState("compare", parseAsString.withDefault(""));
  const [all, setAll] = useQueryState("all", parseAsBoolean.withDefault(false));
  const { data, error, refetch } = useQuery(modelQueries.comparison(workspace, name, asked));
  const { data: model } = useQuery(modelQueries.detail(workspace, name));
  const keys = asked.split(",").filter((key) => key !== "");
  const own = model?.versions.map(({ version }) => String(version)) ?? [];
  return (
    <>
      <PageHeader
        title={`Versions of ${name}`}
        facts="What differs between them, and how well each predicts."
        actions={
          <Button component={Link} href={`/models/${name}`} variant="default">
            All versions
          </Button>
        }
      />
      <Stack gap="md">
        <MultiSelect
          aria-label="Versions to compare"
          data={[...new Set([...own, ...keys])].map((key) => ({ value: key, label: key.includes("@") ? key : `v${key}` }))} // prettier-ignore
          value={keys}
          onChange={(chosen) => void setAsked(chosen.join(","))}
          maxValues={MOST_COMPARED}
          w={{ base: "100%", sm: 420 }}
        />
        {error && <ErrorState error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton h={320} />}
        {data && (
          <>
            <Switch
              label="Show what is equal too"
              checked={all}
              onChange={(event) => void setAll(event.currentTarget.checked)}
            />
            <Versions comparison={data} />
            {compareVersions(data.versions).map((group) => (
              <Group key={group.title} group={group} versions={data.versions} model={name} all={all} />
            ))}
            <Curves comparison={data} model={name} />
          </>
        )}
      </Stack>
    </>
  );
}

const nameOf = (version: ComparedVersion, model: string) =>
  version.model === model ? `v${version.version}` : `${version.model} v${version.version}`;

function Versions({ comparison: { versions } }: { comparison: ModelComparison }) {
  const [first] = versions;
  return (
    <WideTable label="Compared versions" minWidth={420}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>Made by</Table.Th>
            <Table.Th>Estimator</Table.Th>
            <Table.Th>Leakage</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <Table.Tr key={version.id}>
              <Table.Td>{nameOf(version, first?.model ?? "")}</Table.Td>
              <Table.Td>
                {version.runId === null ? (
                  "fitted elsewhere"
                ) : (
                  <Anchor component={Link} href={`/runs/${version.runId}`} inherit underline="always">
                    run {version.runNumber}
                  </Anchor>
                )}{" "}
                by {version.createdBy}
              </Table.Td>
              <Table.Td>{version.operator ?? "–"}</Table.Td>
              <Table.Td>
                <StateBadge state={version.verdict} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Group({
  group: { title, note, rows },
  versions,
  model,
  all,
}: {
  group: ComparisonGroup;
  versions: readonly ComparedVersion[];
  model: string;
  all: boolean;
}) {
  const shown = all ? rows : rows.filter(({ differs }) => differs);
  const equal = rows.length - rows.filter(({ differs }) => differs).length;
  return (
    <Panel title={title}>
      {note && (
        <Text size="sm" mb="xs">
          {note}
        </Text>
      )}
      {shown.length > 0 && (
        <WideTable label={title} minWidth={130 + 115 * versions.length}>
          <Table verticalSpacing={6} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{title === "Metrics" ? "Metric, with 95 % interval" : "Name"}</Table.Th>
                {versions.map((version) => (
                  <Table.Th key={version.id}>{nameOf(version, model)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map(({ name, values, best }) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" fw={400} style={{ overflowWrap: "anywhere" }}>
                    {name}
                  </Table.Th>
                  {values.map((value, at) => (
                    <Table.Td
                      key={versions[at]?.id}
                      fw={best?.includes(at) ? 600 : undefined}
                      style={{ overflowWrap: "anywhere", fontVariantNumeric: "tabular-nums" }}
                    >
                      {value ?? "–"}
                      {best?.includes(at) && (
                        <Text span size="xs" c="dimmed">
                          {" "}
                          best
                        </Text>
                      )}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
      {!all && equal > 0 && (
        <Text size="sm" c="dimmed" mt={shown.length > 0 ? "xs" : 0}>
          {shown.length === 0 ? `No difference in ${equal}.` : `${equal} more are equal.`}
        </Text>
      )}
    </Panel>
  );
}

/** Curves of one part, a line for each version that has them. */
function Curves({ comparison: { versions, labelUnit }, model }: { comparison: ModelComparison; model: string }) {
  const [asked, setPart] = useQueryState("part", parseAsString);
  const task = versions.find(({ evaluation }) => evaluation !== null)?.evaluation?.task;
  const same = versions.filter(({ evaluation }) => evaluation?.task === task);
  const parts = partNames(
    Object.assign({}, ...same.map(({ evaluation }) => evaluation?.parts)) as Record<string, never>,
  );
  const part = parts.find((one) => one === asked) ?? parts.find((one) => one === "test") ?? parts[0];
  if (!task || task === "multiclass" || part === undefined) return null;
  const named = same.flatMap((version) => {
    const found = version.evaluation?.parts[part];
    return found ? [[nameOf(version, model), found] as const] : [];
  });
  return (
    <Panel title="Curves">
      <SegmentedControl aria-label="Part" data={parts} value={part} onChange={(value) => void setPart(value)} mb="md" />
      <EvaluationCharts task={task} named={named} file={`${model}-compared-${part}`} labelUnit={labelUnit} />
      {named.length < versions.length && (
        <Text size="sm" c="dimmed">
          {versions.length - named.length} of {versions.length} versions have no such curves.
        </Text>
      )}
    </Panel>
  );
}
