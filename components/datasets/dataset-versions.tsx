import { Anchor, Code, Group, Table, Text } from "@mantine/core";
import Link from "next/link";
import { bytesInWords } from "@/components/runs/figures";
import { TimeRange } from "@/components/sources/time-range";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { DatasetDetail, DatasetState } from "@/lib/contracts/datasets";
import classes from "./datasets.module.css";
import { QuarantineMark } from "./quarantine-mark";

/** Every state of a dataset that was read or written, with ways to look at it. */
export function DatasetVersions({ dataset }: { dataset: DatasetDetail }) {
  if (dataset.history.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No run has read it yet. The first one makes version 1.
      </Text>
    );
  const profiled = dataset.history.filter((version) => version.profiles > 0);
  return (
    <WideTable label="Versions of the data" minWidth={860}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th data-numeric>Version</Table.Th>
            <Table.Th data-numeric>Rows</Table.Th>
            <Table.Th pl="lg">Time</Table.Th>
            <Table.Th>{dataset.kind === "source" ? "First seen" : "Written"}</Table.Th>
            <Table.Th>Files</Table.Th>
            <Table.Th>Digest</Table.Th>
            <Table.Th>Distributions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {dataset.history.map((version) => (
            <Table.Tr key={version.version} className={classes.row}>
              <Table.Td data-numeric>
                {version.version}
                {version.quarantinedAt && (
                  <div>
                    <QuarantineMark since={version.quarantinedAt} />
                  </div>
                )}
              </Table.Td>
              <Table.Td data-numeric>{version.rows.toLocaleString("en-US")}</Table.Td>
              <Table.Td pl="lg">
                <TimeRange {...version} />
              </Table.Td>
              <Table.Td>
                <Origin version={version} />
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
                <DistributionLinks name={dataset.name} version={version} profiled={profiled} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Origin({ version }: { version: DatasetState }) {
  return (
    <>
      <TimeAgo at={version.createdAt} /> by {version.createdBy}
      {version.run && (
        <Text size="xs" c="dimmed" component="div">
          in{" "}
          <Anchor component={Link} href={`/runs/${version.run.id}`} inherit underline="always">
            run {version.run.number}
          </Anchor>
        </Text>
      )}
    </>
  );
}

function DistributionLinks({
  name,
  version,
  profiled,
}: {
  name: string;
  version: DatasetState;
  profiled: DatasetState[];
}) {
  if (version.profiles === 0) return <Text c="dimmed">none</Text>;
  const page = `/datasets/${encodeURIComponent(name)}`;
  const before = profiled.find((candidate) => candidate.version < version.version);
  return (
    <Group gap="sm">
      <Anchor component={Link} href={`${page}?version=${version.version}`} size="sm" underline="always">
        show
      </Anchor>
      {before && (
        <Anchor
          component={Link}
          href={`${page}?version=${version.version}&parts=v${before.version},v${version.version}`}
          size="sm"
          underline="always"
        >
          compare with {before.version}
        </Anchor>
      )}
    </Group>
  );
}
