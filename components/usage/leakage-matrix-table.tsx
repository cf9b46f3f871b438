"use client";

import { Table, Text, UnstyledButton, VisuallyHidden } from "@mantine/core";
import { EmptyState } from "@/components/ui/empty-state";
import { WideTable } from "@/components/ui/wide-table";
import type { LeakageMatrix } from "@/lib/contracts/usage";
import classes from "./usage.module.css";
import { VerdictMark } from "./verdict-mark";

/** Feature versions × models; every cell opens its proof. */
export function LeakageMatrixTable({
  matrix,
  onOpen,
}: {
  matrix: LeakageMatrix;
  onOpen: (modelVersionId: string, about: string | null) => void;
}) {
  const { consumers, rows } = matrix;
  if (consumers.length === 0)
    return (
      <EmptyState title="No models yet">
        Models appear here after a run of a pipeline that evaluates one, with a verdict for every feature that they
        read.
      </EmptyState>
    );
  return (
    <>
      <WideTable label="Leakage matrix" minWidth={260 + consumers.length * 150}>
        <Table verticalSpacing={6} w="auto">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Feature version</Table.Th>
              {consumers.map(({ modelVersionId, model, version }) => (
                <Table.Th key={modelVersionId}>
                  {model} v{version}
                </Table.Th>
              ))}
            </Table.Tr>
            <Table.Tr>
              <Table.Th fw={400}>everything it reads</Table.Th>
              {consumers.map((consumer) => (
                <Table.Td key={consumer.modelVersionId}>
                  <UnstyledButton
                    className={classes.opener}
                    aria-label={`Proof: ${consumer.model} as a whole, ${consumer.verdict}`}
                    onClick={() => onOpen(consumer.modelVersionId, null)}
                  >
                    <VerdictMark verdict={consumer.verdict} severity={consumer.severity} />
                  </UnstyledButton>
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={`${row.feature}@${row.version}`}>
                <Table.Th scope="row" fw={400} className={classes.nowrap}>
                  {row.feature} v{row.version}
                </Table.Th>
                {consumers.map(({ modelVersionId, model }) => {
                  const cell = row.cells.find((candidate) => candidate.modelVersionId === modelVersionId);
                  return (
                    <Table.Td key={modelVersionId}>
                      {cell ? (
                        <UnstyledButton
                          className={classes.opener}
                          aria-label={`Proof: ${row.feature} for ${model}, ${cell.verdict}`}
                          onClick={() => onOpen(modelVersionId, row.feature)}
                        >
                          <VerdictMark verdict={cell.verdict} severity={cell.severity} />
                        </UnstyledButton>
                      ) : (
                        <>
                          <span aria-hidden="true" className={classes.none}>
                            ·
                          </span>
                          <VisuallyHidden>does not read it</VisuallyHidden>
                        </>
                      )}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      <Text size="sm" c="dimmed" mt="sm" maw="75ch">
        {rows.length} feature versions, {consumers.length} models. A leak means that something upstream was fitted on
        the rows that the model is tested on, so its test score is too good. Unknown means that this can be neither
        shown nor excluded.
      </Text>
    </>
  );
}
