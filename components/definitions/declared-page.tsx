"use client";

import { Badge, Button, List, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { CodeBlock } from "@/components/ui/code-block";
import { ErrorState } from "@/components/ui/error-state";
import { PageHeader } from "@/components/ui/page-header";
import { Section } from "@/components/ui/section";
import { Sentence } from "@/components/ui/sentence";
import { TimeAgo } from "@/components/ui/time-ago";
import { definitionQueries } from "@/lib/client/definitions";
import {
  DECLARED_PATHS,
  type DeclaredDetail,
  type DeclaredPath,
  type ObjectReference,
} from "@/lib/contracts/definitions";
import { DefinitionHistory } from "./definition-history";
import { nounOf, ObjectLink } from "./object-link";
import { SplitParts } from "./split-parts";
import { TrainingRows } from "./training-rows";

/** A declared object: what it is in words, what it names and what names it, its document and its history. */
export function DeclaredPage({ workspace, path, name }: { workspace: string; path: DeclaredPath; name: string }) {
  const { data, error, refetch } = useQuery(definitionQueries.detail(workspace, path, name));
  if (!data) return error ? <ErrorState error={error} retry={() => void refetch()} /> : <Skeleton height={320} />;
  const kind = DECLARED_PATHS[path];
  return (
    <>
      <PageHeader
        title={data.name}
        facts={<Facts noun={nounOf(kind)} declared={data} />}
        actions={<Actions path={path} declared={data} />}
      />
      {data.description && (
        <Text maw="75ch" mb="sm">
          {data.description}
        </Text>
      )}
      <Text maw="75ch" mb="lg" component="div">
        <Sentence text={data.sentence} />
      </Text>
      {data.split && <SplitParts name={data.name} split={data.split} />}
      {data.names.length > 0 && (
        <Section id="uses" title="Uses">
          <References references={data.names} />
        </Section>
      )}
      <Section id="used-by" title="Used by" note={data.readBy.length > 0 ? String(data.readBy.length) : undefined}>
        {data.readBy.length > 0 ? (
          <References references={data.readBy} />
        ) : (
          <Text size="sm" c="dimmed">
            Nothing that is declared here names it.
          </Text>
        )}
      </Section>
      {data.spineKeys && !data.retiredAt && (
        <Section id="training-rows" title="Training rows">
          <TrainingRows service={data.name} spineKeys={data.spineKeys} />
        </Section>
      )}
      <Section id="definition" title="Definition">
        <CodeBlock code={data.yaml} label="definition" />
      </Section>
      <DefinitionHistory workspace={workspace} of={path} name={data.name} />
    </>
  );
}

function Facts({ noun, declared }: { noun: string; declared: DeclaredDetail }) {
  return (
    <>
      {noun} · version {declared.version}, applied by {declared.changedBy} <TimeAgo at={declared.changedAt} />
      {declared.owner && ` · owner ${declared.owner}`}
      {declared.retiredAt && (
        <>
          {" · retired "}
          <TimeAgo at={declared.retiredAt} />
        </>
      )}
    </>
  );
}

function Actions({ path, declared: { name, tags, results } }: { path: DeclaredPath; declared: DeclaredDetail }) {
  return (
    <>
      {tags.map((tag) => (
        <Badge key={tag} variant="default" tt="none" fw={400}>
          {tag}
        </Badge>
      ))}
      {path === "entities" && (
        <Button component={Link} href={`/features?q=${encodeURIComponent(`entity:${name}`)}`} variant="default">
          Its features
        </Button>
      )}
      {results !== null && (
        <Button component={Link} href={results} variant="default">
          Its results
        </Button>
      )}
    </>
  );
}

function References({ references }: { references: ObjectReference[] }) {
  return (
    <List size="sm">
      {references.map(({ kind, name, how }) => (
        <List.Item key={`${kind} ${name}`}>
          {nounOf(kind)} <ObjectLink kind={kind} name={name} />{" "}
          <Text span inherit c="dimmed">
            ({how})
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
