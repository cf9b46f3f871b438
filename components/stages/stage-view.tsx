"use client";

import { Anchor, Badge, Button, Group, Text } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { ObjectLink } from "@/components/definitions/object-link";
import { ExperimentsOn } from "@/components/experiments/experiments-on";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import mainAndAside from "@/components/ui/main-and-aside.module.css";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { stageQueries } from "@/lib/client/stages";
import type { StageDetail } from "@/lib/contracts/stages";
import { StageFits } from "./stage-fits";
import { StageParams } from "./stage-params";
import { StageTests } from "./stage-tests";
import { StageReads, StageWrites } from "./stage-mesh";
import { StageUses } from "./stage-uses";
import classes from "./stages.module.css";

export function StageView({ workspace, name, mayRunTests }: { workspace: string; name: string; mayRunTests: boolean }) {
  const { data: stage, error, refetch } = useQuery(stageQueries.detail(workspace, name));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!stage) return null;
  return (
    <>
      <PageHeader
        title={stage.name}
        facts={<Facts stage={stage} />}
        actions={
          <>
            {stage.tags.map((tag) => (
              <Badge key={tag} variant="default" tt="none" fw={400}>
                {tag}
              </Badge>
            ))}
            <Button
              component={Link}
              href={`/plan?outputs=${stage.outputs.map(({ column }) => encodeURIComponent(column)).join(",")}`}
              size="xs"
              variant="default"
              leftSection={<IconRoute size={14} />}
            >
              Plan what it writes
            </Button>
          </>
        }
      />
      {stage.description && (
        <Text className={classes.reading} mb="lg">
          {stage.description}
        </Text>
      )}
      <div className={mainAndAside.columns}>
        <div>
          <StageReads stage={stage} />
          <StageWrites stage={stage} />
          <StageUses stage={stage} />
          <StageParams stage={stage} />
          <StageTests workspace={workspace} stage={stage} mayRun={mayRunTests} />
          {stage.kind === "estimator" && <StageFits stage={stage} />}
          <ExperimentsOn workspace={workspace} about={{ stage: stage.name }} />
        </div>
        <div>
          <Section id="definition" title="Definition">
            <CodeBlock code={stage.yaml} label="definition" />
            {stage.code && (
              <Text size="sm" mt="xs">
                Code: {/^https?:/.test(stage.code) ? <Anchor href={stage.code}>{stage.code}</Anchor> : stage.code}
              </Text>
            )}
          </Section>
          <DefinitionHistory workspace={workspace} of="stages" name={stage.name} />
        </div>
      </div>
    </>
  );
}

function Facts({ stage }: { stage: StageDetail }) {
  const facts = [
    `${stage.kind} ${stage.operator}`,
    stage.class && `learns: ${stage.class}`,
    ...Object.entries(stage.via).map(([entity, relation]) => `${entity} via ${relation}`),
    stage.owner && `owner ${stage.owner}`,
    `version ${stage.version}`,
    stage.fit && `fitted on ${stage.fit}`,
    `${stage.runs} ${stage.runs === 1 ? "run" : "runs"}`,
  ].filter(Boolean);
  return (
    <Group gap={6}>
      <span>
        {stage.from && (
          <>
            reads rows of <ObjectLink kind="Entity" name={stage.from} />,{" "}
          </>
        )}
        writes <ObjectLink kind="Entity" name={stage.entity} /> · {facts.join(" · ")}
      </span>
      {stage.alternatives.length > 0 && (
        <span>
          · instead of{" "}
          {stage.alternatives.map((name, index) => (
            <span key={name}>
              {index > 0 && ", "}
              <Anchor component={Link} href={`/stages/${name}`} size="sm" underline="always">
                {name}
              </Anchor>
            </span>
          ))}
        </span>
      )}
    </Group>
  );
}
