"use client";

import { Anchor, Button, Checkbox, Group, Progress, Table, Text } from "@mantine/core";
import { HiddenHeading } from "@/components/ui/actions-heading";
import Link from "next/link";
import { useState } from "react";
import { compareHref } from "@/components/models/compare-href";
import type { RunSummary } from "@/lib/contracts/runs";
import { hasEnded } from "@/lib/domain/runs/run-states";
import { SortHeading } from "@/components/ui/sort-heading";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import {
  count,
  durationInWords,
  figureInWords,
  figureLabel,
  jobInWords,
  secondsBetween,
  windowInWords,
} from "./figures";
import { useNow } from "./use-now";
import classes from "./runs.module.css";

/** Runs with the figures that were asked for. Those that made model versions can be picked to be compared. */
export function RunsTable({
  runs,
  sort,
  onSort,
}: {
  runs: RunSummary[];
  /** A figure, `-` before it for falling values; null for the newest first. */
  sort: string | null;
  onSort(sort: string): void;
}) {
  const now = useNow(runs.some((run) => !hasEnded(run.state)));
  const [picked, setPicked] = useState<RunSummary[]>([]);
  const figures = [...new Set(runs.flatMap((run) => Object.keys(run.figures)))];
  const comparable = runs.some(({ model }) => model !== null);
  const pick = (run: RunSummary) =>
    setPicked(picked.some(({ id }) => id === run.id) ? picked.filter(({ id }) => id !== run.id) : [...picked, run]);
  const href = compareHref(picked.flatMap(({ model }) => model ?? []));
  return (
    <>
      {picked.length > 0 && (
        <Group gap="sm" mb="sm">
          <Button component={Link} href={href ?? "/runs"} size="xs" disabled={href === null}>
            Compare {picked.length}
          </Button>
          <Button size="xs" variant="default" onClick={() => setPicked([])}>
            Clear
          </Button>
          <Text size="sm" c="dimmed">
            {href === null
              ? "Pick another run to compare with."
              : picked.map(({ number }) => `run ${number}`).join(", ")}
          </Text>
        </Group>
      )}
      <WideTable label="Runs" minWidth={940 + 120 * figures.length}>
        <Table highlightOnHover verticalSpacing={6} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              {comparable && <HiddenHeading w={36}>Compare</HiddenHeading>}
              <Table.Th data-numeric>Run</Table.Th>
              <Table.Th>Title</Table.Th>
              {figures.map((name) => (
                <SortHeading
                  key={name}
                  numeric
                  direction={sort === name ? "ascending" : sort === `-${name}` ? "descending" : null}
                  onSort={() => onSort(sort === `-${name}` ? name : `-${name}`)}
                >
                  {figureLabel(name)}
                </SortHeading>
              ))}
              <Table.Th>Kind</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Started</Table.Th>
              <Table.Th data-numeric>Duration</Table.Th>
              <Table.Th data-numeric>Rows</Table.Th>
              <Table.Th data-numeric>Stages</Table.Th>
              <Table.Th>By</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Table.Tr key={run.id} className={classes.row}>
                {comparable && (
                  <Table.Td>
                    {run.model && (
                      <Checkbox
                        size="xs"
                        aria-label={`Compare run ${run.number}`}
                        checked={picked.some(({ id }) => id === run.id)}
                        onChange={() => pick(run)}
                      />
                    )}
                  </Table.Td>
                )}
                <Table.Td data-numeric>{run.number}</Table.Td>
                <Table.Td>
                  <Anchor component={Link} href={`/runs/${run.id}`} fw={500}>
                    {run.deployment ?? run.pipeline ?? run.title}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate maw={360}>
                    {describe(run)}
                  </Text>
                </Table.Td>
                {figures.map((name) => (
                  <Table.Td key={name} data-numeric>
                    {figureInWords(name, run.figures[name])}
                  </Table.Td>
                ))}
                <Table.Td style={{ whiteSpace: "nowrap" }}>{run.job ? jobInWords(run.job) : run.kind}</Table.Td>
                <Table.Td miw={130}>
                  <StateBadge state={run.state} />
                  {run.state === "running" && (
                    <Progress
                      value={run.progress * 100}
                      size="xs"
                      mt={4}
                      aria-label={`Progress of run ${run.number}`}
                    />
                  )}
                </Table.Td>
                <Table.Td>{run.startedAt ? <TimeAgo at={run.startedAt} /> : "–"}</Table.Td>
                <Table.Td data-numeric>
                  {run.startedAt && (run.finishedAt || now !== null)
                    ? durationInWords(secondsBetween(run.startedAt, run.finishedAt, now ?? 0))
                    : "–"}
                </Table.Td>
                <Table.Td data-numeric>{run.rows === null ? "–" : count(run.rows)}</Table.Td>
                <Table.Td data-numeric>
                  {run.stages}
                  {run.reused > 0 && (
                    <Text span size="xs" c="dimmed">
                      {" "}
                      · {run.reused} reused
                    </Text>
                  )}
                </Table.Td>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{run.createdBy}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}

/** What a run does, or what it did: the outputs of a pipeline's run, the window of a prediction. */
function describe(run: RunSummary): string {
  if (!hasEnded(run.state) || run.state === "failed") return run.message;
  const what = run.title.replace(/^[^:]*: /, "");
  return run.window ? windowInWords(run.window) : what;
}
