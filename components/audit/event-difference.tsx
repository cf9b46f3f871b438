import { Code, Table, Text } from "@mantine/core";
import type { AuditEvent } from "@/lib/contracts/audit";
import { definitionDiff } from "@/lib/domain/specs/definition-diff";
import classes from "./audit.module.css";

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** What an event changed, member by member, and how it is chained. */
export function EventDifference({ event }: { event: AuditEvent }) {
  // A whole object that appeared or went is shown by its members, not as one value.
  const before = event.before ?? {};
  const after = event.after ?? {};
  const differences = definitionDiff(before, after);
  return (
    <div className={classes.details}>
      {differences.length === 0 ? (
        <Text size="sm" c="dimmed">
          No further details recorded.
        </Text>
      ) : (
        <Table withRowBorders={false} verticalSpacing={2} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="24%">Member</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map((difference) => (
              <Table.Tr key={difference.path}>
                <Table.Td className={classes.object}>{difference.path || "the whole"}</Table.Td>
                <Table.Td className={classes.value}>
                  {difference.kind === "added" ? "—" : text(difference.before)}
                </Table.Td>
                <Table.Td className={classes.value}>
                  {difference.kind === "removed" ? "—" : text(difference.after)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="xs" c="dimmed" mt="xs" className={classes.object}>
        <Code>{event.object}</Code> · {event.at.replace("T", " ").replace("Z", " UTC")}
        {event.requestId && (
          <>
            {" "}
            · request <Code>{event.requestId}</Code>
          </>
        )}{" "}
        · hash <Code>{event.hash}</Code> · after <Code>{event.previousHash.slice(0, 16)}…</Code>
      </Text>
    </div>
  );
}
