import { Anchor, Badge, Group, Table, Text } from "@mantine/core";
import Link from "next/link";
import { Section } from "@/components/ui/section";
import { WideTable } from "@/components/ui/wide-table";
import type { SourceDetail } from "@/lib/contracts/sources";
import classes from "./sources.module.css";

/** The declared columns: each is a feature, with the stages that read it. */
export function SourceColumns({ columns }: { columns: SourceDetail["schema"] }) {
  const renamed = columns.some((column) => column.from !== null);
  return (
    <Section id="columns" title="Columns">
      <WideTable label="Columns of the source" minWidth={760}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Feature</Table.Th>
              <Table.Th>Type</Table.Th>
              {renamed && <Table.Th>In the file</Table.Th>}
              <Table.Th>Description</Table.Th>
              <Table.Th>Read by</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {columns.map(({ name, column, type, from, description, roles, readers }) => (
              <Table.Tr key={name} className={classes.row}>
                <Table.Td>
                  <Anchor component={Link} href={`/features/${column}`} className={classes.mono}>
                    {column}
                  </Anchor>
                  <Group gap={4}>
                    {roles.map((role) => (
                      <Badge key={role} size="xs" variant="default" tt="none" fw={400}>
                        {role}
                      </Badge>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{type}</Table.Td>
                {renamed && <Table.Td>{from ?? <Text c="dimmed">the same</Text>}</Table.Td>}
                <Table.Td>{description || <Text c="dimmed">–</Text>}</Table.Td>
                <Table.Td>
                  {readers.length === 0 ? (
                    <Text c="dimmed">–</Text>
                  ) : (
                    <ul className={classes.list}>
                      {readers.map((stage) => (
                        <li key={stage}>
                          <Anchor component={Link} href={`/stages/${stage}`} size="sm">
                            {stage}
                          </Anchor>
                        </li>
                      ))}
                    </ul>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}
