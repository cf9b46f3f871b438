"use client";

import { Fieldset, Group, MultiSelect, Select, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { issueOf } from "@/components/ui/issues";
import { ENVIRONMENTS } from "@/lib/domain/environments";
import { type Draft, keysNeeded, partsFor, type TrainingChoices } from "./training-draft";

interface Props {
  draft: Draft;
  choices: TrainingChoices;
  error: Error | null;
  onChange: (part: Partial<Draft>) => void;
}

/** Everything that a training dataset follows from. */
export function TrainingFields(props: Props) {
  return (
    <>
      <FeatureFields {...props} />
      <SpineFields {...props} />
      <SplitFields {...props} />
      <TimeFields {...props} />
    </>
  );
}

/** More options than anybody reads only make the list slow. */
const MOST_OPTIONS = 100;

function FeatureFields({ draft, choices, error, onChange }: Props) {
  const service = choices.services.find(({ name }) => name === draft.service);
  return (
    <Fieldset legend="Features">
      <Stack gap="md">
        <Select
          label="Feature service"
          description={service ? `${service.description ? `${service.description} ` : ""}Reads ${service.features.join(", ")}.` : "All features that a model reads. Or name features one by one below."} // prettier-ignore
          placeholder="None"
          clearable
          clearButtonProps={{ "aria-label": "No feature service" }}
          searchable
          value={draft.service}
          data={choices.services.map(({ name }) => name)}
          error={issueOf(error, "feature_service")}
          onChange={(name) => onChange({ service: name })}
        />
        {draft.service === null && (
          <MultiSelect
            label="Features"
            description="As view:feature, in the order of the columns."
            placeholder={draft.features.length === 0 ? "Find by name or description" : undefined}
            searchable
            limit={MOST_OPTIONS}
            nothingFoundMessage="No feature of a view matches"
            value={draft.features}
            data={choices.features.map(({ reference, description }) => ({
              value: reference,
              label: reference,
              description,
            }))}
            filter={({ options, search, limit }) => {
              const words = search.toLowerCase().split(/\s+/).filter(Boolean);
              const texts = new Map(choices.features.map((one) => [one.reference, `${one.reference} ${one.feature} ${one.description}`.toLowerCase()])); // prettier-ignore
              return options
                .filter((option) => "value" in option && words.every((word) => texts.get(option.value)?.includes(word)))
                .slice(0, limit);
            }}
            error={issueOf(error, "features")}
            onChange={(features) => onChange({ features })}
          />
        )}
        <Select
          label="Versions"
          description="Those that an environment serves. view@v2:feature in a request by the API names any other."
          allowDeselect={false}
          maw={360}
          value={draft.environment}
          data={ENVIRONMENTS.map((name) => ({ value: name, label: `As ${name} has them` }))}
          error={issueOf(error, "environment")}
          onChange={(value) =>
            onChange({ environment: ENVIRONMENTS.find((one) => one === value) ?? draft.environment })
          }
        />
      </Stack>
    </Fieldset>
  );
}

function SpineFields({ draft, choices, error, onChange }: Props) {
  const source = choices.sources.find(({ name }) => name === draft.source);
  const columns = source?.columns.map(({ name }) => name) ?? [];
  const times = source?.columns.filter(({ type }) => type === "timestamp" || type === "date") ?? [];
  const keys = keysNeeded(choices, draft);
  return (
    <Fieldset legend="Spine: the rows">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Source"
            description="Its rows are the training rows, all of them, in their order."
            required
            searchable
            value={draft.source}
            data={choices.sources.map(({ name }) => name)}
            error={issueOf(error, "source")}
            onChange={(name) => onChange({ source: name, version: null, keep: [], time: null, keys: {}, label: null })}
          />
          <Select
            label="Version"
            description="Of the source's data."
            placeholder="Newest at the as-of time"
            clearable
            clearButtonProps={{ "aria-label": "The newest version" }}
            disabled={!source}
            value={draft.version}
            data={source?.versions.map(String) ?? []}
            error={issueOf(error, "version")}
            onChange={(version) => onChange({ version })}
          />
          <Select
            label="Time"
            description="Features are read as of this moment of each row."
            placeholder={source?.timeColumn ?? "The source declares none"}
            clearable
            clearButtonProps={{ "aria-label": "The source's time column" }}
            disabled={!source}
            value={draft.time}
            data={times.map(({ name }) => name)}
            error={issueOf(error, "time")}
            onChange={(time) => onChange({ time })}
          />
          <Select
            label="Label"
            description="What is to be predicted."
            placeholder="None"
            clearable
            clearButtonProps={{ "aria-label": "No label" }}
            searchable
            disabled={!source}
            value={draft.label}
            data={columns}
            error={issueOf(error, "label")}
            onChange={(label) => onChange({ label })}
          />
          {source &&
            keys.map(({ entity, key }) => (
              <Select
                key={`${entity}.${key}`}
                label={`Key ${key} of ${entity}`}
                placeholder={columns.includes(key) ? key : "Which column has it?"}
                clearable
                clearButtonProps={{ "aria-label": `Column ${key}` }}
                searchable
                value={draft.keys[`${entity}.${key}`] ?? null}
                data={columns}
                error={issueOf(error, key)}
                onChange={(column) => {
                  const { [`${entity}.${key}`]: _, ...others } = draft.keys;
                  onChange({ keys: column === null ? others : { ...others, [`${entity}.${key}`]: column } });
                }}
              />
            ))}
        </SimpleGrid>
        <MultiSelect
          label="Columns to keep"
          description="Of the spine. The label and the moment are kept in any case."
          placeholder={draft.keep.length === 0 ? "All columns" : undefined}
          searchable
          disabled={!source}
          value={draft.keep}
          data={columns}
          error={issueOf(error, "keep")}
          onChange={(keep) => onChange({ keep })}
        />
      </Stack>
    </Fieldset>
  );
}

function SplitFields({ draft, choices, error, onChange }: Props) {
  const policy = choices.policies.find(({ name }) => name === draft.policy);
  return (
    <Fieldset legend="Split">
      <Stack gap="md">
        <Select
          label="Split policy"
          description="Says which rows are for training and which a model is judged on: what leaks is found against the test part."
          placeholder="None: no leakage can be found"
          clearable
          clearButtonProps={{ "aria-label": "No split policy" }}
          searchable
          value={draft.policy}
          data={choices.policies.map(({ name }) => name)}
          error={issueOf(error, "policy") ?? issueOf(error, "split")}
          onChange={(name) => onChange(partsFor(choices, name))}
        />
        {policy && (
          <Group grow align="flex-start" preventGrowOverflow={false}>
            {(["train", "validation", "test"] as const).map((role) => (
              <MultiSelect
                key={role}
                label={`Parts for ${role}`}
                placeholder={draft[role].length === 0 ? "None" : undefined}
                miw={180}
                value={draft[role]}
                data={policy.parts}
                error={issueOf(error, role)}
                onChange={(parts) => onChange({ [role]: parts })}
              />
            ))}
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}

function TimeFields({ draft, error, onChange }: Props) {
  return (
    <Fieldset legend="What was known when">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <TextInput
          label="As of"
          description="Only data that had been written by then."
          placeholder="Now, or 2024-05-01T00:00:00Z"
          value={draft.asOf}
          error={issueOf(error, "asOf")}
          onChange={(event) => onChange({ asOf: event.currentTarget.value })}
        />
        <Select
          label="Knowledge"
          description="When a value begins to count."
          allowDeselect={false}
          value={draft.knowledge}
          data={[
            { value: "event", label: "From its event time" },
            { value: "created", label: "Not before it was written" },
          ]}
          onChange={(value) => onChange({ knowledge: value === "created" ? "created" : "event" })}
        />
        <Select
          label="Boundary"
          description="A value of the row's very moment."
          allowDeselect={false}
          value={draft.boundary}
          data={[
            { value: "inclusive", label: "Counts" },
            { value: "exclusive", label: "Does not count" },
          ]}
          onChange={(value) => onChange({ boundary: value === "exclusive" ? "exclusive" : "inclusive" })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
