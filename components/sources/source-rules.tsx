"use client";

import { Alert, Button, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconDownload, IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { ruleMutations, ruleQueries, suiteUrl } from "@/lib/client/rules";
import type { RuleCheckEntry, SourceRules as Rules } from "@/lib/contracts/rules";
import { ImportSuite } from "./import-suite";
import { ProposeRules } from "./propose-rules";
import { RuleResultWords } from "./rule-result";
import classes from "./sources.module.css";

const POLL_MS = 1000;

/** What is expected of the source's data, and what came of it on each dataset version. */
export function SourceRules({ workspace, name, mayEdit }: { workspace: string; name: string; mayEdit: boolean }) {
  const [waitingSince, setWaitingSince] = useState<string | null>(null);
  const { data, error } = useQuery({
    ...ruleQueries.ofSource(workspace, name),
    refetchInterval: ({ state }) => (isWaiting(state.data, waitingSince) ? POLL_MS : false),
  });
  const check = useMutation(ruleMutations.check(useQueryClient(), workspace, name));
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const [latest] = data.checks;
  const current = latest?.current ? latest : undefined;
  return (
    <Section id="rules" title="Rules" {...(data.rules.length > 0 && { note: noteOf(current) })}>
      <Group gap="xs" mb="sm">
        {mayEdit && data.rules.length > 0 && (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={check.isPending || isWaiting(data, waitingSince)}
            onClick={() => {
              setWaitingSince(latest?.at ?? "");
              check.mutate();
            }}
          >
            Check now
          </Button>
        )}
        <ProposeRules workspace={workspace} name={name} />
        {mayEdit && <ImportSuite workspace={workspace} name={name} />}
        {data.rules.length > 0 && (
          <Button
            component="a"
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
            href={suiteUrl(workspace, name)}
            download={`${name}-suite.json`}
          >
            Export suite
          </Button>
        )}
      </Group>
      {check.error && (
        <Alert color="red" role="alert" mb="sm">
          {check.error.message}
        </Alert>
      )}
      {latest?.quarantined && (
        <Alert color="orange" title={`Version ${latest.version} is in quarantine`} mb="sm">
          A critical rule failed, so no run reads it and nothing of it is promoted. Correct the data, or the rule when
          it asks too much, and check again.
        </Alert>
      )}
      {data.rules.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.reading}>
          Nothing is expected of these data yet. Let rules be proposed from the profile, take over a Great Expectations
          suite, or write <code>rules</code> into the source&apos;s spec.
        </Text>
      ) : (
        <RuleTable rules={data.rules} check={current} />
      )}
      {data.checks.length > 1 && <History checks={data.checks} />}
    </Section>
  );
}

function isWaiting(data: Rules | undefined, since: string | null): boolean {
  return since !== null && (data?.checks[0]?.at ?? "") === since;
}

function noteOf(check: RuleCheckEntry | undefined): string {
  if (!check) return "not checked in this wording yet";
  const passed = check.evaluated - check.failed;
  return `${passed} of ${check.evaluated} pass on version ${check.version}`;
}

function RuleTable({ rules, check }: { rules: Rules["rules"]; check: RuleCheckEntry | undefined }) {
  return (
    <WideTable label="Rules with their results" minWidth={640}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Result</Table.Th>
            <Table.Th>Rule</Table.Th>
            <Table.Th>Severity</Table.Th>
            <Table.Th>Found</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule, at) => {
            const result = check?.results[at];
            return (
              <Table.Tr key={`${at} ${rule.type}`} className={classes.row}>
                <Table.Td>
                  <ResultMark success={result?.success} />
                </Table.Td>
                <Table.Td className={classes.rule}>
                  {rule.words}
                  <Text size="xs" c="dimmed" className={classes.mono}>
                    {rule.type}
                  </Text>
                </Table.Td>
                <Table.Td>{rule.severity}</Table.Td>
                <Table.Td className={classes.rule}>{result && <RuleResultWords result={result} />}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function ResultMark({ success }: { success: boolean | undefined }) {
  if (success === undefined) return <Text size="sm">–</Text>;
  const Icon = success ? IconCheck : IconX;
  return (
    <Group gap={4} wrap="nowrap" className={success ? classes.passed : classes.failed}>
      <Icon size={14} aria-hidden /> {success ? "passed" : "failed"}
    </Group>
  );
}

/** One mark for each check, the oldest first. */
function History({ checks }: { checks: RuleCheckEntry[] }) {
  return (
    <Group gap={6} mt="sm" aria-label="Earlier checks" role="group">
      <Text size="sm" c="dimmed">
        Earlier
      </Text>
      {checks.toReversed().map((check) => (
        <Tooltip
          key={`${check.version} ${check.at}`}
          label={
            <>
              version {check.version}: {check.evaluated - check.failed} of {check.evaluated} passed,{" "}
              <TimeAgo at={check.at} />
            </>
          }
        >
          <span
            tabIndex={0}
            role="img"
            aria-label={`Version ${check.version}: ${check.failed === 0 ? "all passed" : `${check.failed} failed, ${check.critical} critical`}`}
            className={check.failed === 0 ? classes.checkPassed : classes.checkFailed}
          >
            {check.failed === 0 ? "✓" : check.failed}
          </span>
        </Tooltip>
      ))}
    </Group>
  );
}
