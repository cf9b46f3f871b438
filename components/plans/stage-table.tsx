"use client";

import { Anchor, Button, Group, SegmentedControl, Table, Title, UnstyledButton } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import Link from "next/link";
import { Fragment, useState } from "react";
import { saveCsv } from "@/components/ui/save-file";
import { WideTable } from "@/components/ui/wide-table";
import type { PlanInstance } from "@/lib/contracts/plan-graph";
import { csvLine } from "@/lib/domain/csv";
import classes from "./plan.module.css";
import { instancesOf, type ListedVariant, type ReadPlan } from "./read-plan";
import { ReuseText, reuseInWords } from "./reuse-text";

const COLUMNS = ["#", "Stage", "Kind", "Operator", "Reads", "Writes", "Reuse", "Fit rows", "Cost", "Variants"];

/** The graph as a table: the stages of the chosen variant, or of all that are listed, in an order in which they run. */
export function StageTable({
  plan,
  chosen,
  selected,
  fileName,
  onSelect,
}: {
  plan: ReadPlan;
  chosen: ListedVariant;
  selected: string | null;
  fileName: string;
  onSelect(id: string): void;
}) {
  const [which, setWhich] = useState<"chosen" | "all">("chosen");
  const instances = which === "chosen" ? instancesOf(plan.instances, chosen.index) : plan.instances;
  const lettersOf = (instance: PlanInstance) =>
    instance.variants.length === plan.variants.length
      ? "all"
      : plan.variants.filter(({ index }) => instance.variants.includes(index)).map(({ letter }) => letter).join(" "); // prettier-ignore
  const save = () => saveCsv(fileName, ...toCsv(instances, lettersOf));
  return (
    <section aria-labelledby="stages">
      <Group justify="space-between" mt="lg" mb="xs" gap="sm">
        <Title order={2} id="stages">
          Stages
        </Title>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            value={which}
            onChange={(value) => setWhich(value as "chosen" | "all")}
            data={[
              { value: "chosen", label: `Variant ${chosen.letter}` },
              { value: "all", label: "All variants" },
            ]}
            aria-label="Which stages"
          />
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />} onClick={save}>
            CSV
          </Button>
        </Group>
      </Group>
      <WideTable label="Stages of the plan" minWidth={1080}>
        <Table verticalSpacing={6} className={classes.stages}>
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map((column) => (
                <Table.Th key={column} data-numeric={column === "#" || column === "Cost" || undefined}>
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {instances.map((instance, index) => (
              <Table.Tr
                key={instance.key}
                bg={instance.key === selected ? "var(--mantine-color-default-hover)" : undefined}
              >
                <Table.Td data-numeric>{index + 1}</Table.Td>
                <Table.Td>
                  {instance.draft ? (
                    instance.stage
                  ) : (
                    <Anchor component={Link} href={`/stages/${instance.stage}`} fz="inherit">
                      {instance.stage}
                    </Anchor>
                  )}{" "}
                  {instance.draft && <i>draft</i>}{" "}
                  <UnstyledButton
                    fz="xs"
                    td="underline"
                    c="dimmed"
                    aria-label={`Show ${instance.key} in the graph`}
                    onClick={() => onSelect(instance.key)}
                  >
                    show
                  </UnstyledButton>
                </Table.Td>
                <Table.Td>
                  {instance.kind}
                  {instance.class && `, ${instance.class}`}
                </Table.Td>
                <Table.Td>{instance.operator}</Table.Td>
                <Table.Td>
                  <Columns names={instance.inputs.map((input) => nameOfInput(input))} />
                </Table.Td>
                <Table.Td>
                  <Columns names={instance.outputs.map(({ physical }) => physical)} />
                </Table.Td>
                <Table.Td className={classes.reuse}>
                  <ReuseText reuse={instance.reuse} />
                </Table.Td>
                <Table.Td>{instance.fitRows}</Table.Td>
                <Table.Td data-numeric>{instance.cost}</Table.Td>
                <Table.Td>{lettersOf(instance)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </section>
  );
}

const nameOfInput = ({ column, role }: PlanInstance["inputs"][number]) =>
  role === "fitInput" ? `${column} (to fit)` : column;

function Columns({ names }: { names: string[] }) {
  return (
    <ul className={classes.columns}>
      {names.map((name) => (
        <li key={name}>
          {name.split(/(?<=__|\.)/).map((part, index) => (
            <Fragment key={index}>
              {index > 0 && <wbr />}
              {part}
            </Fragment>
          ))}
        </li>
      ))}
    </ul>
  );
}

function toCsv(instances: readonly PlanInstance[], lettersOf: (instance: PlanInstance) => string): string[] {
  return [
    csvLine(["order", "instance", "stage", "kind", "class", "operator", "inputs", "fit inputs", "outputs", "physical", "reuse", "fit rows", "cost", "draft", "variants", "signature", "fingerprint"]), // prettier-ignore
    ...instances.map((instance, index) =>
      csvLine([
        index + 1,
        instance.key,
        instance.stage,
        instance.kind,
        instance.class,
        instance.operator,
        instance.inputs.flatMap(({ column, role }) => (role === "input" ? [column] : [])).join(" "),
        instance.inputs.flatMap(({ column, role }) => (role === "fitInput" ? [column] : [])).join(" "),
        instance.outputs.map(({ column }) => column).join(" "),
        instance.outputs.map(({ physical }) => physical).join(" "),
        reuseInWords(instance.reuse),
        instance.fitRows,
        instance.cost,
        instance.draft,
        lettersOf(instance),
        instance.signature,
        instance.fingerprint,
      ]),
    ),
  ];
}
