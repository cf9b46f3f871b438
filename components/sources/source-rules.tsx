"use client";

import { capitalCause } from "@/lib/domain/rules/quarantine-cause";
import { Alert, Anchor, Button, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconDownload, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { ObjectLink } from "@/components/definitions/object-link";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { TimeAgo } from "@/components/ui/time-ago";
import { WideTable } from "@/components/ui/wide-table";
import { ruleMutations, ruleQueries, suiteUrl } from "@/lib/client/rules";
import type { DatasetRules, RuleCheckEntry } from "@/lib/contracts/rules";
import { ImportSuite } from "./import-suite";
import { ProposeRules } from "./propose-rules";
import { ResultMark } from "./result-mark";
import { historyOf, RuleHistory } from "./rule-history";
import { RuleResultWords } from "./rule-result";
import classes from "./sources.module.css";

const POLL_MS = 1000;

/** What is expected of the data of a source, or of an output of runs, and what came of it on each version. */
export function SourceRules({ workspace, name, mayEdit }: { workspace: string; name: string; mayEdit: boolean }) {
  const [waitingSince, setWaitingSince] = useState<string | null>(null);
  const { data, error } = useQuery({
    ...ruleQueries.ofDataset(workspace, name),
    refetchInterval: ({ state }) => (isWaiting(state.data, waitingSince) ? POLL_MS : false),
  });
  const check = useMutation(ruleMutations.check(useQueryClient(), workspace, name));
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  const [latest] = data.checks;
  const current = latest?.current ? latest : undefined;
  const hasOwn = data.isSource && data.rules.some(({ feature }) => feature === null);
  return (
    <Section id="rules" title="Rules" {...(data.rules.length > 0 && { note: noteOf(latest) })}>
      <Group gap="xs" mb="sm">
        {mayEdit && data.rules.length > 0 && (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={14} />}
            loading={check.isPending || isWaiting(data, waitingSince)}
            onClick={() => {
              setWaitingSince(momentOf(data));
              check.mutate();
            }}
          >
            Check now
          </Button>
        )}
        {data.isSource && <ProposeRules workspace={workspace} name={name} />}
        {data.isSource && mayEdit && <ImportSuite workspace={workspace} name={name} />}
        {hasOwn && (
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
      {data.notChecked && (
        <Alert color="red" role="alert" title="The rules could not be checked" mb="sm">
          {data.notChecked.message} (<TimeAgo at={data.notChecked.at} />)
        </Alert>
      )}
      {latest?.quarantined && (
        <Quarantine version={latest.version} heldBy={latest.heldBy} blocked={data.blocked} isSource={data.isSource} />
      )}
      {data.rules.length === 0 ? (
        <Text size="sm" c="dimmed" className={classes.reading}>
          {data.isSource ? (
            <>
              No rules yet. Propose rules from the profile, import a Great Expectations suite, or add <code>rules</code>{" "}
              to the spec of the source or of a feature.
            </>
          ) : (
            <>
              No rules yet. Write <code>rules</code> to the spec of a feature in these data: they are checked on every
              new version.
            </>
          )}
        </Text>
      ) : (
        <RuleTable dataset={name} rules={data.rules} check={current} checks={data.checks} />
      )}
      {latest && <CheckedBy definitions={latest.definitions} />}
      {data.checks.length > 1 && <Earlier checks={data.checks} />}
    </Section>
  );
}

/** When the newest thing happened that a check ends in: a result, or the reason why there is none. */
function momentOf({ checks, notChecked }: DatasetRules): string {
  return [checks[0]?.at ?? "", notChecked?.at ?? ""].sort().at(-1) as string;
}

function isWaiting(data: DatasetRules | undefined, since: string | null): boolean {
  return since !== null && (data ? momentOf(data) : "") === since;
}

function noteOf(check: RuleCheckEntry | undefined): string {
  if (!check) return "not checked yet";
  if (!check.current) return `changed since version ${check.version} was checked`;
  const passed = check.evaluated - check.failed;
  return `${passed} of ${check.evaluated} pass on version ${check.version}`;
}

/** Whose rules the newest check was made with. */
function CheckedBy({ definitions }: Pick<RuleCheckEntry, "definitions">) {
  if (definitions.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" mt={6}>
      Rules of{" "}
      {definitions.map(({ kind, name, version }, index) => (
        <span key={`${kind} ${name}`}>
          {index > 0 && ", "}
          <ObjectLink kind={kind} name={name} /> v{version}
        </span>
      ))}
      .
    </Text>
  );
}

function Quarantine({
  version,
  heldBy,
  blocked,
  isSource,
}: {
  version: number;
  heldBy: string[];
  blocked: DatasetRules["blocked"];
  isSource: boolean;
}) {
  return (
    <Alert color="orange" title={`Version ${version} is in quarantine`} mb="sm">
      {capitalCause(heldBy)}, so {isSource ? "no run reads it" : "it is not served"} and nothing of it is promoted.{" "}
      {heldBy.length === 0
        ? "Correct the data, or relax the rule, and check again."
        : "Correct the data, or reset the monitor’s baseline if they are as they should be."}
      {blocked.length > 0 && (
        <Text size="sm" mt={6}>
          Waiting:{" "}
          {blocked.map(({ kind, name, href }, at) => (
            <span key={href}>
              {at > 0 && ", "}
              {kind === "change" ? "" : `${kind} `}
              <Anchor component={Link} href={href} inherit underline="always" c="inherit">
                {name}
              </Anchor>
            </span>
          ))}
        </Text>
      )}
    </Alert>
  );
}

function RuleTable({
  dataset,
  rules,
  check,
  checks,
}: {
  dataset: string;
  rules: DatasetRules["rules"];
  check: RuleCheckEntry | undefined;
  checks: RuleCheckEntry[];
}) {
  return (
    <WideTable label="Rules with their results" minWidth={780}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Result</Table.Th>
            <Table.Th>Rule</Table.Th>
            <Table.Th>Severity</Table.Th>
            <Table.Th>Found</Table.Th>
            <Table.Th>Over time</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule, at) => {
            const moments = historyOf(rule, checks);
            const result = check ? check.results[at] : moments.at(-1)?.result;
            return (
              <Table.Tr key={`${at} ${rule.type}`} className={classes.row}>
                <Table.Td>
                  <ResultMark success={result?.success} />
                </Table.Td>
                <Table.Td className={classes.rule}>
                  {rule.words}
                  <Text size="xs" c="dimmed" className={classes.mono}>
                    {rule.type}
                    {rule.feature !== null && (
                      <>
                        {" of "}
                        <Anchor component={Link} href={`/features/${encodeURIComponent(rule.feature)}`} inherit>
                          {rule.feature}
                        </Anchor>
                      </>
                    )}
                  </Text>
                </Table.Td>
                <Table.Td>{rule.severity}</Table.Td>
                <Table.Td className={classes.rule}>{result && <RuleResultWords result={result} />}</Table.Td>
                <Table.Td>
                  {moments.length > 0 && <RuleHistory dataset={dataset} words={rule.words} moments={moments} />}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** One mark for each check, the oldest first. */
function Earlier({ checks }: { checks: RuleCheckEntry[] }) {
  return (
    <Group gap={6} mt="sm" aria-label="Earlier checks" role="group">
      <Text size="sm" c="dimmed">
        Checks
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
