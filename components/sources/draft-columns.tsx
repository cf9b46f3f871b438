"use client";

import { Checkbox, NativeSelect, Radio, Table, TextInput } from "@mantine/core";
import type { Inspection } from "@/lib/contracts/inspection";
import { COLUMN_TYPES, type ColumnType } from "@/lib/domain/definitions/column-type";
import { WideTable } from "@/components/ui/wide-table";
import classes from "./add-data.module.css";
import { edits, type SourceDraft } from "./source-draft";

/** The columns of a file with what they are to be: taken or not, name, type, part of the key, time. */
export function DraftColumns({
  draft,
  found,
  onChange,
}: {
  draft: SourceDraft;
  found: Inspection;
  onChange: (draft: SourceDraft) => void;
}) {
  const { source } = draft;
  return (
    <WideTable label="Columns of the file" minWidth={860}>
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Take</Table.Th>
            <Table.Th>Name</Table.Th>
            <Table.Th>Type</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>Time</Table.Th>
            <Table.Th data-numeric>Missing</Table.Th>
            <Table.Th data-numeric>Different</Table.Th>
            <Table.Th>Values</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {found.columns.map((column) => {
            const taken = source.columns.find((one) => (one.from ?? one.name) === column.from);
            const name = taken?.name ?? column.name;
            const mayBeTime = taken && (taken.type === "timestamp" || taken.type === "date");
            return (
              <Table.Tr key={column.from}>
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={`Take ${column.from}`}
                    checked={taken !== undefined}
                    onChange={({ currentTarget }) =>
                      onChange(currentTarget.checked ? edits.takeIn(draft, column) : edits.leaveOut(draft, name))
                    }
                  />
                </Table.Td>
                <Table.Td>
                  <TextInput
                    size="xs"
                    aria-label={`Name of ${column.from}`}
                    value={name}
                    disabled={!taken}
                    onChange={({ currentTarget }) => onChange(edits.rename(draft, name, currentTarget.value))}
                  />
                  {column.from !== name && <div className={classes.samples}>{column.from} in the file</div>}
                </Table.Td>
                <Table.Td>
                  <NativeSelect
                    size="xs"
                    aria-label={`Type of ${column.from}`}
                    data={[...COLUMN_TYPES]}
                    value={taken?.type ?? column.type}
                    disabled={!taken}
                    onChange={({ currentTarget }) =>
                      onChange(edits.retype(draft, name, currentTarget.value as ColumnType))
                    }
                  />
                </Table.Td>
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={`${column.from} is part of the key`}
                    checked={source.rowKey.includes(name) && taken !== undefined}
                    disabled={!taken}
                    onChange={({ currentTarget }) => onChange(edits.key(draft, name, currentTarget.checked))}
                  />
                </Table.Td>
                <Table.Td>
                  {mayBeTime && (
                    <Radio
                      size="xs"
                      name="time-column"
                      aria-label={`${column.from} says when`}
                      checked={source.timeColumn === name}
                      onChange={() => onChange(edits.time(draft, name))}
                      onClick={() => source.timeColumn === name && onChange(edits.time(draft, null))}
                    />
                  )}
                </Table.Td>
                <Table.Td data-numeric>{column.missing.toLocaleString("en-US")}</Table.Td>
                <Table.Td data-numeric>{column.distinct.toLocaleString("en-US")}</Table.Td>
                <Table.Td className={classes.samples}>{column.samples.join(", ")}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
