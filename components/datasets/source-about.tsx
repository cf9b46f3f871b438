"use client";

import { Alert, Anchor, List, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { DefinitionHistory } from "@/components/definitions/definition-history";
import { SourceColumns } from "@/components/sources/source-columns";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { Section } from "@/components/ui/section";
import { sourceQueries } from "@/lib/client/sources";

/** What is declared of a source: columns, readers, definition. */
export function SourceAbout({ workspace, name }: { workspace: string; name: string }) {
  const { data: source, error, refetch } = useQuery(sourceQueries.detail(workspace, name));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!source) return <Skeleton height={320} />;
  return (
    <>
      <Text size="sm" mb="lg" maw="75ch">
        Read by{" "}
        {source.readers.length === 0
          ? "no stage yet"
          : source.readers.map((stage, index) => (
              <span key={stage}>
                {index > 0 && ", "}
                <Anchor component={Link} href={`/stages/${stage}`} size="sm" underline="always">
                  {stage}
                </Anchor>
              </span>
            ))}
        .
      </Text>
      {source.latest !== null && source.latest.warnings.length > 0 && (
        <Alert color="yellow" title={`Warnings about version ${source.latest.version}`} mb="lg">
          <List size="sm">
            {source.latest.warnings.map((warning) => (
              <List.Item key={warning}>{warning}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <SourceColumns columns={source.schema} />
      <Section id="definition" title="Definition">
        <CodeBlock code={source.yaml} label="definition" />
      </Section>
      <DefinitionHistory workspace={workspace} of="sources" name={name} />
    </>
  );
}
