"use client";

import { Alert, Anchor, Button, Group, SegmentedControl, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { EmptyState } from "@/components/ui/empty-state";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import { api } from "@/lib/client/api";
import { type ChangeCandidate, openChange } from "@/lib/contracts/changes";
import { GOVERNED_ENVIRONMENTS, type GovernedEnvironment } from "@/lib/domain/changes/promotion-policy";
import { canPromote, ENVIRONMENTS } from "@/lib/domain/environments";

interface Asked {
  feature: string | null;
  environment: GovernedEnvironment | null;
  version: number | null;
}

/** Asks what to move where, shows what that means, and opens the request. */
export function NewChangeForm({
  workspace,
  candidates,
  asked,
  allowed,
}: {
  workspace: string;
  candidates: ChangeCandidate[];
  asked: Asked;
  allowed: boolean;
}) {
  const router = useRouter();
  const [feature, setFeature] = useState(asked.feature);
  const [environment, setEnvironment] = useState<GovernedEnvironment>(asked.environment ?? "staging");
  const [chosen, setChosen] = useState(asked.version);
  const [description, setDescription] = useState("");
  const candidate = candidates.find((item) => item.feature === feature);
  const before = ENVIRONMENTS.find((item) => canPromote(item, environment)) ?? "dev";
  const version = chosen ?? candidate?.serves[before] ?? null;
  const open = useMutation({
    mutationFn: (name: string) =>
      api(openChange, {
        body: { workspace, feature: name, environment, description, ...(version !== null && { version }) },
      }),
    onSuccess: (change) => router.push(`/changes/${change.number}`),
  });

  if (!allowed)
    return (
      <EmptyState title="You cannot propose changes here">
        Authors, stewards and admins propose. Ask one of them, or an admin for the role.
      </EmptyState>
    );
  if (candidates.length === 0)
    return (
      <EmptyState title="Nothing can be promoted yet">
        Run a pipeline first: every feature that it writes is then served in dev.
      </EmptyState>
    );
  const hindrance = candidate ? whyNot(candidate, environment, version) : null;
  return (
    <Stack maw={560} gap="md">
      <Select
        label="Feature"
        placeholder="entity.column"
        searchable
        required
        value={feature}
        onChange={(value) => {
          setFeature(value);
          setChosen(null);
        }}
        data={candidates.map((item) => item.feature)}
        nothingFoundMessage="No served feature has this name"
        error={feature !== null && !candidate ? `No environment serves ${feature}.` : undefined}
      />
      {candidate && (
        <Group gap="sm">
          <Text size="sm">Served now:</Text>
          {ENVIRONMENTS.map((item) => (
            <Group key={item} gap={4}>
              <EnvironmentBadge environment={item} version={candidate.serves[item] ?? undefined} />
              {candidate.serves[item] === null && (
                <Text size="sm" c="dimmed">
                  nothing
                </Text>
              )}
            </Group>
          ))}
        </Group>
      )}
      <Stack gap={4}>
        <Text size="sm" fw={500} id="environment-label">
          Environment
        </Text>
        <SegmentedControl
          aria-labelledby="environment-label"
          value={environment}
          onChange={(value) => {
            setEnvironment(value as GovernedEnvironment);
            setChosen(null);
          }}
          data={[...GOVERNED_ENVIRONMENTS]}
          style={{ alignSelf: "flex-start" }}
        />
      </Stack>
      {candidate && (
        <Select
          label="Version"
          description={`What ${before} serves, or one that ${environment} served before (a roll-back).`}
          value={version === null ? null : String(version)}
          onChange={(value) => setChosen(value === null ? null : Number(value))}
          data={candidate.versions.map((item) => ({
            value: String(item),
            label: `v${item}${item === candidate.serves[before] ? ` — served in ${before}` : ""}`,
          }))}
          allowDeselect={false}
        />
      )}
      <Textarea
        label="Why"
        description="For the reviewers: what improves, and what could go wrong."
        autosize
        minRows={3}
        maxLength={10_000}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {hindrance && (
        <Alert color="yellow" title="This cannot be proposed">
          {hindrance.sentence}{" "}
          {hindrance.number !== null && (
            <Anchor component={Link} href={`/changes/${hindrance.number}`} inherit c="inherit" underline="always">
              Open #{hindrance.number}
            </Anchor>
          )}
        </Alert>
      )}
      {open.error && (
        <Alert color="red" role="alert" title="It was not opened">
          {open.error.message}
        </Alert>
      )}
      <Group>
        <Button
          disabled={!candidate || hindrance !== null}
          loading={open.isPending || open.isSuccess}
          onClick={() => candidate && open.mutate(candidate.feature)}
        >
          Open the request
        </Button>
        <Text size="sm" c="dimmed">
          Evidence is computed at once; somebody else decides.
        </Text>
      </Group>
    </Stack>
  );
}

/** What the server would refuse anyway, said before it is asked. Whether a version was served before, only the server knows. */
function whyNot(
  candidate: ChangeCandidate,
  environment: GovernedEnvironment,
  version: number | null,
): { sentence: string; number: number | null } | null {
  const open = candidate.open[environment];
  if (open !== null) return { sentence: `A request for ${environment} is open already.`, number: open };
  if (version === null)
    return { sentence: `The environment before ${environment} serves no version of this feature.`, number: null };
  if (candidate.serves[environment] === version)
    return { sentence: `${environment} serves version ${version} already.`, number: null };
  return null;
}
