"use client";

import { Alert, Button, Code, CopyButton, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "@/components/ui/error-state";
import { auditQueries } from "@/lib/client/audit";
import classes from "./audit.module.css";

const count = new Intl.NumberFormat("en");

/** Verifies the whole chain on request, and says what came of it. */
export function VerifyButton({ workspace }: { workspace: string }) {
  const { data: verdict, error, isFetching, refetch } = useQuery(auditQueries.verdict(workspace));
  return (
    <section aria-label="Verification" className={classes.verify}>
      <Group gap="md">
        <Button
          variant={verdict ? "default" : "filled"}
          leftSection={<IconShieldCheck size={16} />}
          loading={isFetching}
          onClick={() => void refetch()}
        >
          Verify the chain
        </Button>
        {!verdict && (
          <Text size="sm" c="dimmed" maw="60ch">
            Every event carries the hash of the one before. This reads the log of the whole installation and recomputes
            it.
          </Text>
        )}
      </Group>
      {error && <ErrorState error={error} retry={() => void refetch()} />}
      {verdict?.ok && (
        <Alert color="teal" icon={<IconShieldCheck />} title="The chain is unbroken" role="status">
          {count.format(verdict.events)} events, all workspaces, in {count.format(verdict.milliseconds)} ms. Head{" "}
          <Code className={classes.hash}>{verdict.head}</Code>{" "}
          <CopyButton value={verdict.head}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy the head"}
              </Button>
            )}
          </CopyButton>
          <Text size="sm" mt={4}>
            Keep the head elsewhere: cutting the end of the log off does not break the chain.
          </Text>
        </Alert>
      )}
      {verdict && !verdict.ok && (
        <Alert
          color="red"
          icon={<IconAlertTriangle />}
          title={`The chain is broken at event ${verdict.brokenAt}`}
          role="alert"
        >
          {verdict.reason} The {count.format(verdict.events)} events before it are intact. Compare with an export or a
          backup, and find out who could write to the database.
        </Alert>
      )}
    </section>
  );
}
