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
  model: string | null;
  environment: GovernedEnvironment | null;
  version: number | null;
  why: string | null;
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
  const [subject, setSubject] = useState(asked.feature ?? asked.model);
  const [environment, setEnvironment] = useState<GovernedEnvironment>(asked.environment ?? "staging");
  const [chosen, setChosen] = useState(asked.version);
  const [description, setDescription] = useState(asked.why ?? "");
  const candidate = candidates.find((item) => nameOf(item) === subject);
  const isModel = candidate ? candidate.model !== null : asked.model !== null;
  const before = ENVIRONMENTS.find((item) => canPromote(item, environment)) ?? "dev";
  const version = chosen ?? candidate?.serves[before] ?? null;
  const open = useMutation({
    mutationFn: ({ feature, model }: ChangeCandidate) =>
      api(openChange, {
        body: {
          workspace,
          ...(feature !== null && { feature }),
          ...(model !== null && { model }),
          environment,
          description,
          ...(version !== null && { version }),
        },
      }),
    onSuccess: (change) => router.push(`/changes/${change.number}`),
  });

  if (!allowed)
    return (
      <EmptyState title="You may not propose changes in this workspace">
        Authors, stewards and admins propose. Ask one of them, or an admin for the role.
      </EmptyState>
    );
  if (candidates.length === 0)
    return (
      <EmptyState title="Nothing can be promoted yet">
        Run a pipeline first: every feature that it writes is then served in dev, and its model has a version.
      </EmptyState>
    );
  const hindrance = candidate ? whyNot(candidate, environment, version) : null;
  return (
    <Stack maw={560} gap="md">
      <Select
        label="Feature or model"
        placeholder="entity.column, or the name of a model"
        searchable
        required
        value={subject}
        onChange={(value) => {
          setSubject(value);
          setChosen(null);
        }}
        data={[
          { group: "Models", items: candidates.filter(({ model }) => model !== null).map(nameOf) },
          { group: "Features", items: candidates.filter(({ feature }) => feature !== null).map(nameOf) },
        ]}
        nothingFoundMessage="No served feature and no model has this name"
        error={subject !== null && !candidate ? `No environment serves ${subject}.` : undefined}
      />
      {candidate && (
        <Group gap="sm">
          <Text size="sm">{isModel ? "Aliases now:" : "Served now:"}</Text>
          {ENVIRONMENTS.filter((item) => !isModel || item !== "dev").map((item) => (
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
          {isModel ? "Alias" : "Environment"}
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
          description={versionsInWords(isModel, before, environment)}
          value={version === null ? null : String(version)}
          onChange={(value) => setChosen(value === null ? null : Number(value))}
          data={candidate.versions.map((item) => ({
            value: String(item),
            label: `v${item}${item === candidate.serves[before] ? ` — ${isModel && before === "dev" ? "the newest" : `served in ${before}`}` : ""}`,
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
        <Alert color="red" role="alert" title="Could not open the request">
          {open.error.message}
        </Alert>
      )}
      <Group>
        <Button
          disabled={!candidate || hindrance !== null}
          loading={open.isPending || open.isSuccess}
          onClick={() => candidate && open.mutate(candidate)}
        >
          Open the request
        </Button>
        <Text size="sm" c="dimmed">
          Evidence is computed immediately; someone else decides.
        </Text>
      </Group>
    </Stack>
  );
}

const nameOf = ({ feature, model }: ChangeCandidate) => feature ?? model ?? "";

function versionsInWords(isModel: boolean, before: string, environment: string): string {
  if (isModel && environment === "staging") return "Any version of the model.";
  return `What ${before} serves, or one that ${environment} served before (a roll-back).`;
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
    return { sentence: `The environment before ${environment} serves no version yet.`, number: null };
  if (candidate.serves[environment] === version)
    return { sentence: `${environment} serves version ${version} already.`, number: null };
  return null;
}
