"use client";

import { Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Section } from "@/components/ui/section";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import { stageMutations } from "@/lib/client/stages";
import type { StageTest, StageTestResult } from "@/lib/contracts/stage-tests";
import type { StageDetail } from "@/lib/contracts/stages";
import classes from "./stages.module.css";

type Rows = StageTest["rows"][string];

/** Small rows with what the stage must make of them, and what it makes of them now. Nothing for a stage without tests. */
export function StageTests({ workspace, stage, mayRun }: { workspace: string; stage: StageDetail; mayRun: boolean }) {
  const run = useMutation(stageMutations.test(workspace, stage.name));
  if (stage.tests.length === 0) return null;
  return (
    <Section id="tests" title="Tests" note={`${stage.tests.length}`}>
      {mayRun && (
        <Group gap="sm" mb="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            Run tests
          </Button>
          <Text size="sm" role="status">
            {run.data && `${run.data.passed} passed, ${run.data.failed} failed`}
          </Text>
        </Group>
      )}
      {run.error && (
        <Text size="sm" c="red" role="alert" mb="xs">
          {run.error.message}
        </Text>
      )}
      <Stack gap="md">
        {stage.tests.map((test) => (
          <OneTest
            key={test.name}
            stage={stage}
            test={test}
            result={run.data?.results.find((result) => result.test === test.name)}
          />
        ))}
      </Stack>
    </Section>
  );
}

function OneTest({
  stage,
  test,
  result,
}: {
  stage: StageDetail;
  test: StageTest;
  result: StageTestResult | undefined;
}) {
  const reader = stage.from ?? stage.entity;
  // A stage that keeps its rows is read best with what comes out beside what went in.
  const beside = stage.from === null && test.expect !== undefined;
  return (
    <div>
      <Group gap="xs" mb={4}>
        <Text fw={500} size="sm">
          {test.name}
        </Text>
        {result && <StateBadge state={result.passed ? "passed" : "failed"} />}
      </Group>
      {Object.entries(test.fit ?? {}).map(([entity, rows]) => (
        <TestRows key={entity} caption={`${entity}, fitted on`} test={test.name} given={rows} />
      ))}
      {Object.entries(test.rows)
        .filter(([entity]) => !beside || entity !== reader)
        .map(([entity, rows]) => (
          <TestRows key={entity} caption={entity} test={test.name} given={rows} />
        ))}
      {test.expect && (
        <TestRows
          caption={beside ? reader : `${stage.entity}, expected`}
          test={test.name}
          given={beside ? (test.rows[reader] ?? []) : []}
          expected={test.expect}
        />
      )}
      {test.error && <Text size="sm">Must fail with “{test.error}”.</Text>}
      {result?.error && (
        <Text size="sm" c="red">
          {result.error}
        </Text>
      )}
      {result && result.differences.length > 0 && (
        <ul className={classes.differences}>
          {result.differences.map(({ row, column, expected, found }) => (
            <li key={`${row} ${column}`}>
              {row}
              {column && `, ${column}`}: expected {show(expected)}, found {show(found)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Rows as a table: what is given, then what is expected of each. */
function TestRows({
  caption,
  test,
  given,
  expected = [],
}: {
  caption: string;
  test: string;
  given: Rows;
  expected?: Rows;
}) {
  const inputs = columnsOf(given);
  const outputs = columnsOf(expected);
  return (
    <WideTable label={`${test}: ${caption}`} minWidth={80 * (inputs.length + outputs.length)}>
      <Table verticalSpacing={2} w="auto" fz="xs">
        <Table.Caption className={classes.caption}>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {inputs.map((name) => (
              <Table.Th key={name} className={classes.column}>
                {name}
              </Table.Th>
            ))}
            {outputs.map((name) => (
              <Table.Th key={`expected ${name}`} className={classes.column}>
                {inputs.length > 0 && "→ "}
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Array.from({ length: Math.max(given.length, expected.length) }, (_, index) => (
            // Rows of a declared test have no name but their place.
            <Table.Tr key={index}>
              {inputs.map((name) => (
                <Table.Td key={name}>{show(given[index]?.[name])}</Table.Td>
              ))}
              {outputs.map((name) => (
                <Table.Td key={`expected ${name}`}>{show(expected[index]?.[name])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function columnsOf(rows: Rows): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}
