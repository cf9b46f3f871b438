"use client";

import { Alert, Anchor, Button, Group, Skeleton, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ProposedRules } from "@/components/sources/proposed-rules";
import { ResultMark } from "@/components/sources/result-mark";
import { ErrorState } from "@/components/ui/error-state";
import { TimeAgo } from "@/components/ui/time-ago";
import { ruleQueries } from "@/lib/client/rules";
import type { FeatureRules as Rules } from "@/lib/contracts/rules";
import classes from "./feature-rules.module.css";

/** What is expected of the feature's values, and what came of it on the newest data that carry it. */
export function FeatureRules({ workspace, name }: { workspace: string; name: string }) {
  const { data, error } = useQuery(ruleQueries.ofFeature(workspace, name));
  return (
    <section aria-labelledby="feature-rules">
      <Group justify="space-between" mb="xs">
        <Title order={2} id="feature-rules">
          Rules
        </Title>
        <ProposeFeatureRules workspace={workspace} name={name} />
      </Group>
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton height={64} />}
      {data && data.quarantined.length > 0 && (
        <Alert color="orange" mb="sm">
          {data.quarantined.map((dataset, at) => (
            <span key={dataset}>
              {at > 0 && ", "}
              <Anchor
                component={Link}
                href={dataHref(dataset.slice(0, dataset.lastIndexOf("@")))}
                inherit
                underline="always"
              >
                {dataset}
              </Anchor>
            </span>
          ))}{" "}
          {data.quarantined.length === 1 ? "is" : "are"} in quarantine: nothing of it is served or promoted.
        </Alert>
      )}
      {data?.rules.length === 0 && (
        <Text size="sm" c="dimmed">
          No rules yet. Add <code>rules</code> to the feature&apos;s spec: they are checked on every new version of its
          data.
        </Text>
      )}
      {data && data.rules.length > 0 && (
        <ul className={classes.rules}>
          {data.rules.map((rule, at) => (
            <FeatureRule key={`${at} ${rule.type}`} rule={rule} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Where the data of that name are shown with their rules. */
function dataHref(dataset: string): string {
  return `/datasets/${encodeURIComponent(dataset)}?tab=rules`;
}

function FeatureRule({ rule: { words, severity, results } }: { rule: Rules["rules"][number] }) {
  const [newest] = results;
  return (
    <li className={classes.rule}>
      <div className={classes.mark}>
        <ResultMark success={newest?.success} />
      </div>
      <div>
        <Text size="sm">
          {words}{" "}
          <Text span size="xs" c="dimmed">
            {severity}
          </Text>
        </Text>
        {newest && (
          <Text size="xs" c="dimmed" className={classes.found}>
            {newest.found} · on{" "}
            <Anchor component={Link} href={dataHref(newest.dataset)} inherit>
              {newest.dataset}@{newest.version}
            </Anchor>{" "}
            <TimeAgo at={newest.at} />
          </Text>
        )}
      </div>
    </li>
  );
}

function ProposeFeatureRules({ workspace, name }: { workspace: string; name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { data, error } = useQuery({ ...ruleQueries.featureProposal(workspace, name), enabled: opened });
  return (
    <>
      <Button size="compact-xs" variant="subtle" leftSection={<IconWand size={14} />} onClick={open}>
        Propose rules
      </Button>
      <ProposedRules
        opened={opened}
        onClose={close}
        error={error}
        proposal={data}
        unprofiled={`${name} was not profiled yet: run a pipeline that makes it.`}
        note={`${data?.rules.length} rules that hold for the newest profile. Edit them and add them to the feature's spec; the column can be left out there.`}
      />
    </>
  );
}
