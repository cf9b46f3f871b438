import { Code, Table, Text } from "@mantine/core";
import { bytesInWords } from "@/components/runs/figures";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { DatasetVersionEntry } from "@/lib/contracts/sources";
import { TimeRange } from "./time-range";
import classes from "./sources.module.css";

/** Every state of the source that a run has read. */
export function SourceVersions({ versions }: { versions: DatasetVersionEntry[] }) {
  return (
    <Section id="versions" title="Dataset versions">
      {versions.length === 0 ? (
        <Text size="sm" c="dimmed">
          No run has read it yet. The first one makes version 1.
        </Text>
      ) : (
        <WideTable label="Versions of the data" minWidth={760}>
          <Table verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th data-numeric>Version</Table.Th>
                <Table.Th data-numeric>Rows</Table.Th>
                <Table.Th pl="lg">Time</Table.Th>
                <Table.Th>Files</Table.Th>
                <Table.Th>Digest</Table.Th>
                <Table.Th>First seen</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {versions.map((version) => (
                <Table.Tr key={version.version} className={classes.row}>
                  <Table.Td data-numeric>{version.version}</Table.Td>
                  <Table.Td data-numeric>{version.rows.toLocaleString("en-US")}</Table.Td>
                  <Table.Td pl="lg">
                    <TimeRange {...version} />
                  </Table.Td>
                  <Table.Td>
                    {version.files.map((file) => (
                      <div key={file.path} title={`SHA-256 ${file.sha256}`}>
                        <span className={classes.mono}>{file.path.split("/").slice(-2).join("/")}</span>{" "}
                        <Text span size="xs" c="dimmed">
                          {bytesInWords(file.bytes)}
                        </Text>
                      </div>
                    ))}
                  </Table.Td>
                  <Table.Td>
                    <Code title={version.digest}>{version.digest.slice(0, 12)}</Code>
                  </Table.Td>
                  <Table.Td>
                    <TimeAgo at={version.createdAt} /> by {version.createdBy}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </WideTable>
      )}
    </Section>
  );
}
