"use client";

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconWand } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { ruleQueries } from "@/lib/client/rules";
import { ProposedRules } from "./proposed-rules";

/** Rules that the profiled data keep, as YAML to put into the source's spec. */
export function ProposeRules({ workspace, name }: { workspace: string; name: string }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { data, error } = useQuery({ ...ruleQueries.proposal(workspace, name), enabled: opened });
  return (
    <>
      <Button size="xs" variant="default" leftSection={<IconWand size={14} />} onClick={open}>
        Propose rules
      </Button>
      <ProposedRules
        opened={opened}
        onClose={close}
        error={error}
        proposal={data}
        unprofiled={`No column of ${name} was profiled yet: document its columns as features and run a pipeline.`}
        note={`${data?.rules.length} rules that version ${data?.version} keeps. Rules that may hold by chance are warnings; rules that must hold are critical. Edit them and add them to the source's spec.`}
      />
    </>
  );
}
