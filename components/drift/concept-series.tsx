"use client";

import { Alert, Anchor, Button, Group, Table, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconDownload, IconEye } from "@tabler/icons-react";
import Link from "next/link";
import { ObjectLink } from "@/components/definitions/object-link";
import { Legend, LegendEntry } from "@/components/ui/chart";
import { saveCsv } from "@/components/ui/save-file";
import { StateBadge } from "@/components/ui/state-badge";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import type { ConceptSeries } from "@/lib/contracts/concept-drift";
import { ConceptChart } from "./concept-chart";
import { countText, isAlarming, metricText, pText, seriesCsv, windowText } from "./concept-words";
import classes from "./concept.module.css";

/** One monitor: its model's metric over time, in a picture and in numbers. */
export function ConceptSeriesView({
  series,
  chosen,
  onCheck,
}: {
  series: ConceptSeries;
  /** Begin of the window that a link points to, as a day. */
  chosen: string | null;
  /** Null for who may not. */
  onCheck: (() => void) | null;
}) {
  const { evaluation, points } = series;
  const alarming = points.filter(isAlarming).length;
  return (
    <section className={classes.series} aria-labelledby={`concept-${series.monitor}`}>
      <Group justify="space-between" align="flex-start" mb={4}>
        <div>
          <Title order={2} id={`concept-${series.monitor}`}>
            {series.model}: {series.metricName}
          </Title>
          <Text size="sm" c="dimmed">
            monitor <ObjectLink kind="Monitor" name={series.monitor} />, {series.environment} predictions
            {series.deployments.length > 0 && " of "}
            {series.deployments.map((name, index) => (
              <span key={name}>
                {index > 0 && ", "}
                <Anchor component={Link} href={`/deployments/${name}`} inherit underline="always">
                  {name}
                </Anchor>
              </span>
            ))}
            , by {series.window}
            {series.lastRunAt && (
              <>
                , checked <TimeAgo at={series.lastRunAt} />
              </>
            )}
          </Text>
        </div>
        <Group gap="xs">
          {onCheck && (
            <Button size="xs" variant="default" leftSection={<IconEye size={14} />} onClick={onCheck}>
              Check now
            </Button>
          )}
          {points.length > 0 && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconDownload size={14} />}
              onClick={() => saveCsv(`${series.monitor}-${series.metric}`, ...seriesCsv(series))}
            >
              CSV
            </Button>
          )}
        </Group>
      </Group>
      {series.description && (
        <Text size="sm" mb="xs" maw="85ch">
          {series.description}
        </Text>
      )}
      {series.lastError && (
        <Alert color="red" role="alert" mb="sm" title="The last check failed">
          {series.lastError}
        </Alert>
      )}
      {points.length === 0 ? (
        <Text size="sm" c="dimmed">
          No predictions yet. The monitor is checked after the next predict run, or when outcomes are logged.
        </Text>
      ) : (
        <>
          <Text size="sm" mb="sm" maw="85ch">
            {arrivedText(series)} {alarmText(alarming, points.length)}{" "}
            {series.alerts.length > 0 && (
              <Anchor component={Link} href="/drift?view=alerts" inherit underline="always">
                {series.alerts.length === 1 ? `Alert ${series.alerts[0]}` : `${series.alerts.length} alerts`}
              </Anchor>
            )}
            {series.fit !== null && ` An alert starts the fit job of ${series.fit}, which ends in a change request.`}
          </Text>
          <Legend>
            <LegendEntry
              sign={
                <>
                  <rect width="22" height="10" className={classes.band} />
                  <line x1="0" x2="22" y1="5" y2="5" className={classes.line} />
                </>
              }
            >
              {series.metricName} of the window with its 95 % interval
            </LegendEntry>
            {evaluation && (
              <LegendEntry
                sign={
                  <>
                    <rect width="22" height="10" className={classes.evaluation} />
                    <line x1="0" x2="22" y1="5" y2="5" className={classes.evaluationLine} />
                  </>
                }
              >
                {evaluation.words}: {metricText(evaluation.value)} over {countText(evaluation.n)} rows
              </LegendEntry>
            )}
            {alarming > 0 && (
              <li>
                <IconAlertTriangle size={14} aria-hidden="true" color="var(--tr-critical)" /> worse than evaluation
              </li>
            )}
            <li>{series.lowerIsBetter ? "lower is better" : "higher is better"}</li>
          </Legend>
          <ConceptChart series={series} chosen={chosen} />
          <PointTable series={series} chosen={chosen} />
        </>
      )}
    </section>
  );
}

function PointTable({ series, chosen }: { series: ConceptSeries; chosen: string | null }) {
  return (
    <WideTable label={`Windows of ${series.monitor}`} minWidth={900}>
      <Table verticalSpacing={4} mt="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Window from</Table.Th>
            <Table.Th miw={128}>State</Table.Th>
            <Table.Th data-numeric>{series.metricName}</Table.Th>
            <Table.Th data-numeric>95 % interval</Table.Th>
            <Table.Th data-numeric>p (no worse)</Table.Th>
            <Table.Th data-numeric>Joined</Table.Th>
            <Table.Th data-numeric>No outcome yet</Table.Th>
            <Table.Th data-numeric>No prediction</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {series.points.map((point) => (
            <Table.Tr
              key={point.from}
              data-selected={(chosen !== null && point.from.startsWith(chosen)) || undefined}
              title={point.explanation}
            >
              <Table.Td>{windowText(point, series.window)}</Table.Td>
              <Table.Td>
                <StateBadge state={point.state} />
              </Table.Td>
              <Table.Td data-numeric>{metricText(point.value)}</Table.Td>
              <Table.Td data-numeric>
                {point.lower === null ? "–" : `${metricText(point.lower)} to ${metricText(point.upper)}`}
              </Table.Td>
              <Table.Td data-numeric>{pText(point.p)}</Table.Td>
              <Table.Td data-numeric>{countText(point.n)}</Table.Td>
              <Table.Td data-numeric>{countText(point.missingLabels)}</Table.Td>
              <Table.Td data-numeric>{countText(point.missingPredictions)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function arrivedText({ arrived, predictions }: ConceptSeries): string {
  if (arrived === null) return "";
  // Never rounded up to all of them.
  const percent = arrived === 1 ? "100" : String(Math.floor(arrived * 1000) / 10);
  return `Outcomes arrived for ${percent} % of ${countText(predictions)} predictions.`;
}

function alarmText(alarming: number, windows: number): string {
  if (alarming === 0) return "No window is worse than the evaluation period.";
  return `${alarming} of ${windows} windows ${alarming === 1 ? "is" : "are"} worse than the evaluation period.`;
}
