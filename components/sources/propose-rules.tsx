"use client";

import { Button, Drawer, Skeleton, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { ruleQueries } from "@/lib/client/rules";

/** Rules that the profiled data keep, as YAML to put into the source's spec. */
export function ProposeRules({ workspace, name }: { workspace: string; name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { data, error } = useQuery({ ...ruleQueries.proposal(workspace, name), enabled: opened });
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconWand size={14} />} onClick={open}>
        Propose rules
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="lg"
        title="Proposed rules"
        closeButtonProps={{ "aria-label": "Close the proposal" }}
      >
        {error && <ErrorState error={error} />}
        {!data && !error && <Skeleton height={240} />}
        {data?.version === null && (
          <Text size="sm">
            No column of {name} was profiled yet: document its columns as features and run a pipeline.
          </Text>
        )}
        {data && data.version !== null && (
          <>
            <Text size="sm" mb="sm">
              {data.rules.length} rules that version {data.version} keeps. What only happened to be so warns; what must
              be so is critical. Edit them and put them into the source&apos;s spec.
            </Text>
            <CodeBlock code={data.yaml} label="rules" />
          </>
        )}
      </Drawer>
    </>
  );
}
