import { ActionIcon, Button, Fieldset, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import classes from "./ab-tests.module.css";

export interface ArmDraft {
  name: string;
  deployment: string | null;
  parts: string[];
}

/** The arms of a new test: at least two, each with a deployment and parts of the policy. */
export function ArmFields({
  arms,
  deployments,
  parts,
  issueOf,
  onChange,
}: {
  arms: ArmDraft[];
  deployments: { name: string; outputs: string[] }[];
  parts: string[];
  issueOf: (path: string) => string | undefined;
  onChange: (arms: ArmDraft[]) => void;
}) {
  const set = (index: number, change: Partial<ArmDraft>) =>
    onChange(arms.map((arm, at) => (at === index ? { ...arm, ...change } : arm)));
  return (
    <Fieldset legend="Arms; the first is the control" variant="unstyled" classNames={{ legend: classes.legendTitle }}>
      <Stack gap="sm">
        {arms.map((arm, index) => (
          <div key={index} className={classes.armFields}>
            <TextInput
              label={`Arm ${index + 1}`}
              placeholder="control"
              required
              value={arm.name}
              error={issueOf(`arms.${index}.name`)}
              onChange={(event) => set(index, { name: event.currentTarget.value })}
            />
            <Select
              label={`Deployment ${index + 1}`}
              placeholder="Choose"
              required
              searchable
              value={arm.deployment}
              data={deployments.map(({ name, outputs }) => ({ value: name, label: `${name} (${outputs.join(", ")})` }))}
              nothingFoundMessage="No deployment has this name"
              error={issueOf(`arms.${index}.deployment`)}
              onChange={(deployment) => set(index, { deployment })}
            />
            <MultiSelect
              label={`Parts ${index + 1}`}
              placeholder={arm.parts.length === 0 ? "Choose" : undefined}
              required
              value={arm.parts}
              data={[...new Set([...parts, ...arm.parts])]}
              error={issueOf(`arms.${index}.parts`)}
              onChange={(chosen) => set(index, { parts: chosen })}
            />
            {arms.length > 2 && (
              <ActionIcon
                variant="default"
                size={36}
                mt={{ base: 0, sm: 22 }}
                aria-label={`Remove arm ${index + 1}`}
                onClick={() => onChange(arms.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </div>
        ))}
        {arms.length < 8 && (
          <Button
            variant="default"
            size="xs"
            style={{ alignSelf: "flex-start" }}
            leftSection={<IconPlus size={14} />}
            onClick={() => onChange([...arms, { name: `arm_${arms.length + 1}`, deployment: null, parts: [] }])}
          >
            Add an arm
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
}
