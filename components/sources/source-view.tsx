"use client";

import { Anchor, Badge, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { sourceQueries } from "@/lib/client/sources";
import { SourceColumns } from "./source-columns";
import { SourceProfiles } from "./source-profiles";
import { SourceRules } from "./source-rules";
import { SourceVersions } from "./source-versions";
import classes from "./sources.module.css";

export function SourceView({ workspace, name, mayEdit }: { workspace: string; name: string; mayEdit: boolean }) {
  const { data: source, error, refetch } = useQuery(sourceQueries.detail(workspace, name));
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!source) return null;
  const facts = [
    `${source.format} of ${source.entity}`,
    source.latest && `${source.latest.rows.toLocaleString("en-US")} rows`,
    source.owner && `owner ${source.owner}`,
    source.appendOnly && "only ever appended to",
  ].filter(Boolean);
  return (
    <>
      <PageHeader
        title={source.name}
        facts={facts.join(" · ")}
        actions={source.tags.map((tag) => (
          <Badge key={tag} variant="default" tt="none" fw={400}>
            {tag}
          </Badge>
        ))}
      />
      {source.description && (
        <Text className={classes.reading} mb="xs">
          {source.description}
        </Text>
      )}
      <Text size="sm" mb="lg" className={classes.reading}>
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
      <SourceColumns columns={source.schema} />
      {source.profiles.length > 0 && <SourceProfiles profiles={source.profiles} />}
      <SourceRules workspace={workspace} name={name} mayEdit={mayEdit} />
      <SourceVersions versions={source.history} />
      <Section id="definition" title="Definition">
        <CodeBlock code={source.yaml} label="definition" />
      </Section>
    </>
  );
}
