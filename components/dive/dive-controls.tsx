import { ActionIcon, Button, Group, Input, Menu, NativeSelect, SegmentedControl, Tooltip } from "@mantine/core";
import { IconDownload, IconFocusCentered, IconMinus, IconPlus, IconTable } from "@tabler/icons-react";
import { type Choice, type DiveChange, type DiveState, NO_FEATURE, SAMPLE_SIZES } from "./dive-state";
import classes from "./dive.module.css";
import type { Scale } from "./layout/axis";
import type { DiveColumn } from "./layout/dive-column";

/** What the picture is of: facets, colour, positions, sample. */
export function DiveControls({
  state,
  choice,
  columns,
  onChange,
}: {
  state: DiveState;
  choice: Choice;
  /** Names of all features that can be chosen, and why some cannot. */
  columns: { name: string; isWithheld: boolean }[];
  onChange(change: DiveChange): void;
}) {
  const features = [
    { value: NO_FEATURE, label: "none" },
    ...columns.map(({ name, isWithheld }) => ({
      value: name,
      label: isWithheld ? `${name} (withheld)` : name,
      disabled: isWithheld,
    })),
  ];
  const select = (key: "down" | "across" | "colour" | "x" | "y", label: string, chosen: DiveColumn | null) => (
    <NativeSelect
      size="xs"
      label={label}
      data={features}
      value={state[key] ?? chosen?.name ?? NO_FEATURE}
      onChange={(event) => {
        const value = event.currentTarget.value;
        onChange({ [key]: (key === "down" || key === "across") && value === NO_FEATURE ? null : value, at: null });
      }}
    />
  );
  return (
    <div className={classes.controls} role="group" aria-label="What the picture shows">
      {select("down", "Facets down", choice.down)}
      {select("across", "Facets across", choice.across)}
      {select("colour", "Colour by", choice.colour)}
      <div>
        <Input.Label labelElement="div" size="xs" id="dive-position">
          Position
        </Input.Label>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-labelledby="dive-position"
          data={[
            { value: "scatter", label: "Scatter" },
            { value: "stacked", label: "Stacked" },
          ]}
          value={choice.position}
          onChange={(value) => onChange({ position: value as Choice["position"], at: null })}
        />
      </div>
      {choice.position === "scatter" && (
        <>
          {select("x", "Across (x)", choice.x)}
          {select("y", "Up (y)", choice.y)}
        </>
      )}
      <NativeSelect
        size="xs"
        label="Scale"
        data={[
          { value: "linear", label: "linear" },
          { value: "log", label: "logarithm" },
          { value: "rank", label: "rank" },
        ]}
        value={state.scale}
        onChange={(event) => onChange({ scale: event.currentTarget.value as Scale, at: null })}
      />
      {(choice.down ?? choice.across) && (
        <NativeSelect
          size="xs"
          label="Facets, at most"
          data={[...new Set([2, 3, 4, 6, 8, 12, 20, state.bins])].sort((one, other) => one - other).map(String)}
          value={String(state.bins)}
          onChange={(event) => onChange({ bins: Number(event.currentTarget.value), at: null })}
        />
      )}
      <NativeSelect
        size="xs"
        label="Sampled rows"
        data={[...new Set([...SAMPLE_SIZES, state.rows])]
          .sort((one, other) => one - other)
          .map((size) => ({ value: String(size), label: size.toLocaleString("en") }))}
        value={String(state.rows)}
        onChange={(event) => onChange({ rows: Number(event.currentTarget.value), pin: null })}
      />
    </div>
  );
}

/** What one does with the picture. */
export function DiveActions({
  isTable,
  onZoom,
  onReset,
  onTable,
  onPng,
  onCsv,
}: {
  isTable: boolean;
  onZoom(factor: number): void;
  onReset(): void;
  onTable(is: boolean): void;
  onPng(): void;
  onCsv(): void;
}) {
  const icon = (label: string, act: () => void, shape: React.ReactNode) => (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} onClick={act}>
        {shape}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <Group gap={4} wrap="nowrap">
      {!isTable && (
        <>
          {icon("Zoom in (+)", () => onZoom(1.4), <IconPlus size={14} />)}
          {icon("Zoom out (−)", () => onZoom(1 / 1.4), <IconMinus size={14} />)}
          {icon("Show all (0)", onReset, <IconFocusCentered size={14} />)}
        </>
      )}
      <Button
        size="xs"
        variant={isTable ? "light" : "default"}
        aria-pressed={isTable}
        leftSection={<IconTable size={14} />}
        onClick={() => onTable(!isTable)}
      >
        As table
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
            Save
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onPng} disabled={isTable}>
            PNG of the picture
          </Menu.Item>
          <Menu.Item onClick={onCsv}>CSV of the sampled rows</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
