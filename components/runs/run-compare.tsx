"use client";

import { Select, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormError } from "@/components/ui/form-error";
import { WideTable } from "@/components/ui/wide-table";
import { runQueries } from "@/lib/client/runs";
import type { Run, RunDifference } from "@/lib/contracts/runs";

/** As many of the pipeline's other runs as can be chosen. */
const MOST = 50;

/** In what the run differs from another one of its pipeline, and whether that is data, parameters or code. */
export function RunCompare({ workspace, run, pipeline }: { workspace: string; run: Run; pipeline: string }) {
  const { data: runs } = useQuery(runQueries.list({ workspace, pipeline, state: "succeeded", limit: MOST }));
  const [other, setOther] = useState<string | null>(null);
  const { data, error } = useQuery(runQueries.difference(run.id, other));
  const others = (runs?.items ?? []).filter(({ id }) => id !== run.id);
  if (others.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There is no other run of {pipeline} yet.
      </Text>
    );
  return (
    <Stack gap="sm">
      <Select
        label="With"
        placeholder="Another run of the pipeline"
        maw={320}
        data={others.map(({ id, number, createdAt }) => ({
          value: id,
          label: `Run ${number}, ${createdAt.slice(0, 16).replace("T", " ")}`,
        }))}
        value={other}
        onChange={setOther}
      />
      <FormError error={error} title="Could not compare" />
      {data && <Difference difference={data} />}
    </Stack>
  );
}

const CAUSES: Record<RunDifference["cause"], string> = {
  none: "Nothing differs that results follow from: same data, same parameters, same code.",
  data: "Only the data differ: any difference of the results comes from them.",
  parameters: "Only the parameters differ: any difference of the results comes from them.",
  code: "Only code or environment differ: any difference of the results comes from them.",
  several: "More than one kind of thing differs, so that a difference of the results cannot be attributed to one of them. Run on the data of the other run to tell them apart.", // prettier-ignore
};

function Difference({ difference }: { difference: RunDifference }) {
  const { cause, data, parameters, code, metrics } = difference;
  const rows = [
    ...data.map((one) => ({ kind: "Data", ...one })),
    ...parameters.map((one) => ({ kind: "Parameters", ...one })),
    ...code.map((one) => ({ kind: "Code", ...one })),
    ...metrics
      .filter(({ before, after }) => before !== after)
      .map(({ part, metric, before, after }) => ({ kind: "Metrics", what: `${part} ${metric}`, before: scored(before), after: scored(after) })), // prettier-ignore
  ];
  return (
    <Stack gap="sm" role="status">
      <Text size="sm">{CAUSES[cause]}</Text>
      {rows.length > 0 && (
        <WideTable label="Differences" minWidth={520}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Kind</Table.Th>
                <Table.Th>What</Table.Th>
                <Table.Th>Run {difference.with}</Table.Th>
                <Table.Th>Run {difference.run}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ kind, what, before, after }) => (
                <Table.Tr key={`${kind} ${what}`}>
                  <Table.Td>{kind}</Table.Td>
                  <Table.Td>{what}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{before ?? "–"}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{after ?? "–"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Stack>
  );
}

const scored = (value: number | null) => (value === null ? null : String(Number(value.toPrecision(6))));
