import { Anchor, Table } from "@mantine/core";
import Link from "next/link";
import { Section } from "@/components/ui/section";
import { Sparkline } from "@/components/ui/sparkline";
import { WideTable } from "@/components/ui/wide-table";
import type { SourceDetail } from "@/lib/contracts/sources";
import classes from "./sources.module.css";

type Profile = SourceDetail["profiles"][number];

/** How the values of each column are distributed over all rows. */
export function SourceProfiles({ profiles }: { profiles: Profile[] }) {
  return (
    <Section id="distributions" title="Distributions" note={`of all rows of version ${profiles[0]?.version}`}>
      <WideTable label="Distributions of the columns" minWidth={860}>
        <Table verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Feature</Table.Th>
              <Table.Th>Histogram</Table.Th>
              <Table.Th data-numeric>Missing</Table.Th>
              <Table.Th data-numeric>Distinct</Table.Th>
              <Table.Th data-numeric>Min</Table.Th>
              <Table.Th data-numeric>Median</Table.Th>
              <Table.Th data-numeric>Max</Table.Th>
              <Table.Th data-numeric>Mean</Table.Th>
              <Table.Th data-numeric>Std</Table.Th>
              <Table.Th pl="lg">Most frequent</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {profiles.map((profile) => (
              <Table.Tr key={profile.column}>
                <Table.Td>
                  <Anchor component={Link} href={`/features/${profile.column}`} className={classes.mono}>
                    {profile.column}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Sparkline counts={profile.counts} label={`Histogram of ${profile.column}`} />
                </Table.Td>
                <Table.Td data-numeric>{share(profile.missing, profile.rows)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.distinct)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.min)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.median)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.max)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.mean)}</Table.Td>
                <Table.Td data-numeric>{figure(profile.std)}</Table.Td>
                <Table.Td pl="lg" style={{ whiteSpace: "nowrap" }}>
                  {profile.top
                    .slice(0, 2)
                    .map(({ value, count }) => `${value} (${share(count, profile.rows)})`)
                    .join(", ") || "–"}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </Section>
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
}

/** A number with at most two decimals; a date or text as it is, shortened. */
function figure(value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
  return value.length > 19 ? `${value.slice(0, 18)}…` : value;
}
