"use client";

import { Anchor, Group, Table, Text } from "@mantine/core";
import { HiddenHeading } from "@/components/ui/actions-heading";
import { useState } from "react";
import { SaveCsvIcon } from "@/components/ui/save-csv-icon";
import { saveCsv } from "@/components/ui/save-file";
import { WideTable } from "@/components/ui/wide-table";
import type { ModelTerms } from "@/lib/contracts/models";
import { csvLine } from "@/lib/domain/csv";
import { ImportanceBar } from "./importance-bar";

/** Rows shown before somebody asks for all. */
const FIRST = 20;

const figure = (value: number) => value.toLocaleString("en", { maximumSignificantDigits: 4 });

/** What each component of the inputs weighs: the heaviest first, with a bar for each, and all of it as a file. */
export function ModelTermsTable({ terms: { measure, terms, intercepts }, file }: { terms: ModelTerms; file: string }) {
  const [isWhole, setWhole] = useState(false);
  const isGain = measure === "gain";
  const weightOf = (term: ModelTerms["terms"][number]) => term.standardised ?? term.value;
  const ordered = terms.toSorted((a, b) => Math.abs(weightOf(b)) - Math.abs(weightOf(a)));
  const shown = isWhole ? ordered : ordered.slice(0, FIRST);
  const most = Math.abs(ordered[0] ? weightOf(ordered[0]) : 0);
  const hasClasses = terms.some((term) => term.class !== null);
  const title = isGain ? "Importance of inputs" : "Coefficients";
  const save = () =>
    saveCsv(
      file,
      csvLine(["feature", "class", measure, "per standard deviation"]),
      ...terms.map((term) => csvLine([term.feature, term.class, term.value, term.standardised])),
      ...intercepts.map((one) => csvLine(["(constant)", one.class, one.value, null])),
    );
  return (
    <section aria-label={title}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={500}>
          {title}
        </Text>
        <SaveCsvIcon of={title} onSave={save} />
      </Group>
      <Text size="xs" c="dimmed">
        {isGain
          ? "Share of all that the trees' splits gained on the rows they were fitted on."
          : "In the units of each input; the bar is the change for one standard deviation of it."}
      </Text>
      <WideTable label={title} minWidth={360}>
        <Table verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Input</Table.Th>
              {hasClasses && <Table.Th>Class</Table.Th>}
              <Table.Th data-numeric>{isGain ? "Share" : "Coefficient"}</Table.Th>
              {!isGain && <Table.Th data-numeric>Per standard deviation</Table.Th>}
              <HiddenHeading>Bar</HiddenHeading>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((term, at) => (
              // Two inputs may have one name.
              <Table.Tr key={at}>
                <Table.Th scope="row" fw={400}>
                  {term.feature}
                </Table.Th>
                {hasClasses && <Table.Td>{term.class}</Table.Td>}
                <Table.Td data-numeric>{isGain ? `${figure(term.value * 100)} %` : figure(term.value)}</Table.Td>
                {!isGain && <Table.Td data-numeric>{figure(weightOf(term))}</Table.Td>}
                <Table.Td>
                  <ImportanceBar weight={most > 0 ? weightOf(term) / most : 0} isOneSided={isGain} />
                </Table.Td>
              </Table.Tr>
            ))}
            {intercepts.map((one) => (
              <Table.Tr key={`(constant)|${one.class}`}>
                <Table.Th scope="row" fw={400}>
                  Constant
                </Table.Th>
                {hasClasses && <Table.Td>{one.class}</Table.Td>}
                <Table.Td data-numeric>{figure(one.value)}</Table.Td>
                <Table.Td colSpan={2} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
      {ordered.length > FIRST && (
        <Anchor component="button" size="sm" onClick={() => setWhole(!isWhole)}>
          {isWhole ? `The first ${FIRST}` : `All ${ordered.length.toLocaleString("en")}`}
        </Anchor>
      )}
    </section>
  );
}
