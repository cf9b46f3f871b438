"use client";

import { Anchor, Skeleton, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { featureQueries } from "@/lib/client/features";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { StateBadge } from "@/components/ui/state-badge";
import { WideTable } from "@/components/ui/wide-table";
import { monthName } from "@/components/distributions/month-name";

/** How far each month is from the first one, with thresholds, and the reason in a sentence. */
export function FeatureDrift({ workspace, name }: { workspace: string; name: string }) {
  const { data, error, isPending } = useQuery(featureQueries.profiles(workspace, name));
  if (error) return <ErrorState error={error} />;
  if (isPending) return <Skeleton height={320} />;
  const [first] = data.drift;
  if (!first)
    return (
      <EmptyState title="Not compared yet">
        Drift is measured between months, so it needs a run over rows with an event time in at least two of them.
      </EmptyState>
    );
  const points = data.drift.map((window) => ({ month: monthName(window.from), score: window.score }));
  const top = Math.max(first.critical * 1.2, ...data.drift.map((window) => window.score ?? 0));
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {first.metric.toUpperCase()} of version {data.version} against {monthName(data.months[0]?.from ?? null)}.{" "}
        <Anchor component={Link} underline="always" href={`/drift?feature=${name}`} size="sm">
          Compare months on the drift page
        </Anchor>
      </Text>
      <div role="img" aria-label={`Drift of ${name} by month; the table has the same figures`} style={{ height: 240 }}>
        <ResponsiveContainer width="100%" height="100%">
          <LineChart data={points} margin={{ top: 8, right: 92, bottom: 8, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--mantine-color-default-border)" />
            <XAxis
              dataKey="month"
              tick={{ fill: "var(--mantine-color-dimmed)", fontSize: 12 }}
              tickLine={false}
              padding={{ left: 24, right: 24 }}
            />
            <YAxis
              domain={[0, top]}
              tickFormatter={(value: number) => value.toFixed(2)}
              tick={{ fill: "var(--mantine-color-dimmed)", fontSize: 12 }}
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              formatter={(value) => (typeof value === "number" ? value.toFixed(3) : String(value))}
              contentStyle={{
                background: "var(--mantine-color-body)",
                border: "1px solid var(--mantine-color-default-border)",
              }}
            />
            <ReferenceLine
              y={first.warn}
              stroke="var(--tr-fill-warn)"
              strokeDasharray="4 3"
              label={{ value: `warn ${first.warn}`, position: "right", fill: "var(--tr-warn)", fontSize: 12 }}
            />
            <ReferenceLine
              y={first.critical}
              stroke="var(--tr-fill-critical)"
              strokeDasharray="4 3"
              label={{
                value: `critical ${first.critical}`,
                position: "right",
                fill: "var(--tr-critical)",
                fontSize: 12,
              }}
            />
            <Line
              dataKey="score"
              name={first.metric.toUpperCase()}
              stroke="var(--tr-fill-train)"
              strokeWidth={2}
              dot={{ r: 4 }}
              isAnimationActive={false}
            />
          </LineChart>
        </ResponsiveContainer>
      </div>
      <Title order={2} mt="md" mb="xs">
        Month by month
      </Title>
      <WideTable label="Drift by month" minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Month</Table.Th>
              <Table.Th data-numeric>{first.metric.toUpperCase()}</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.drift.map((window) => (
              <Table.Tr key={window.from}>
                <Table.Td style={{ whiteSpace: "nowrap" }}>{monthName(window.from)}</Table.Td>
                <Table.Td data-numeric>{window.score?.toFixed(3) ?? "–"}</Table.Td>
                <Table.Td miw={112}>
                  <StateBadge state={window.state} />
                </Table.Td>
                <Table.Td>{window.explanation}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </WideTable>
    </>
  );
}
