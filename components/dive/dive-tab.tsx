"use client";

import { capitalCause } from "@/lib/domain/rules/quarantine-cause";
import { Alert, Anchor, Badge, Button, CloseButton, Group, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useRef, useState } from "react";
import { sliceName } from "@/components/overviews/bar-slice";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { saveCsv, saveFile } from "@/components/ui/save-file";
import { diveQueries } from "@/lib/client/dive";
import { COLUMNS_AT_FIRST, type DatasetSample, type SampleField } from "@/lib/contracts/dive";
import { csvLine } from "@/lib/domain/csv";
import { parseSlice } from "@/lib/domain/profiles/slice";
import { DiveCanvas, type DiveHandle } from "./dive-canvas";
import { DiveActions, DiveControls } from "./dive-controls";
import { DiveLegend } from "./dive-legend";
import { DiveRecord } from "./dive-record";
import type { Picture } from "./dive-scene";
import { ONE_LINE } from "./draw-overlay";
import { chooseFeatures, type DiveChange, diveParsers, type DiveState, partsOf, sampleSize } from "./dive-state";
import { DiveTable } from "./dive-table";
import classes from "./dive.module.css";
import { colourRows } from "./layout/colour-rows";
import { decodeSample, formatInstant, partName } from "./layout/dive-column";
import { layOutRows } from "./layout/lay-out-rows";

/** Sampled rows of a dataset, one dot each: faceted, coloured and placed by features. The state is the URL. */
export function DiveTab({ workspace, dataset }: { workspace: string; dataset: string }) {
  const [state, setState] = useQueryStates(diveParsers);
  const query = useSample(workspace, dataset, state);
  const set = useCallback((change: DiveChange) => void setState(change, { history: "push" }), [setState]);
  const adjust = useCallback((change: DiveChange) => void setState(change, { history: "replace" }), [setState]);
  const { data: sample, error, refetch, isPlaceholderData } = query;
  if (error)
    return (
      <Stack gap="sm">
        <ErrorState error={error} retry={() => void refetch()} />
        {(state.slice ?? state.parts ?? state.version) !== null && (
          <div>
            <Button size="xs" variant="default" onClick={() => set({ slice: null, parts: null, version: null })}>
              Show all rows of the newest version
            </Button>
          </div>
        )}
      </Stack>
    );
  if (!sample) return <Skeleton height={560} role="status" aria-label="Drawing the sample" />;
  return <Dive sample={sample} state={state} set={set} adjust={adjust} isLate={isPlaceholderData} />;
}

/** The sample, with chosen columns that are not among the first of a wide dataset. */
function useSample(workspace: string, dataset: string, state: DiveState) {
  const parts = partsOf(state);
  const base = {
    workspace,
    rows: sampleSize(state),
    ...(state.version !== null && { version: state.version }),
    ...(state.slice && { slice: state.slice }),
    ...(parts.length > 0 && { parts: parts.join(",") }),
  };
  const first = useQuery(diveQueries.sample(dataset, base));
  const chosen = [state.down, state.across, state.colour, state.x, state.y];
  const extra = beyondTheFirst(first.data, chosen);
  const shown = first.data?.columns.map((column) => column.name) ?? [];
  const wide = useQuery({
    ...diveQueries.sample(dataset, { ...base, columns: [...extra, ...shown].slice(0, COLUMNS_AT_FIRST).join(",") }),
    enabled: extra.length > 0,
    placeholderData: keepPreviousData,
  });
  return extra.length > 0 && (wide.data ?? wide.error) ? wide : first;
}

function beyondTheFirst(sample: DatasetSample | undefined, chosen: (string | null)[]): string[] {
  if (!sample) return [];
  const shown = new Set(sample.columns.map((column) => column.name));
  const known = new Set(sample.fields.filter((field) => !field.withheld).map((field) => field.name));
  return [...new Set(chosen)].filter((name) => name !== null && known.has(name) && !shown.has(name)) as string[];
}

/** Pixels around the plot for headings and ticks. */
function marginsFor(width: number, hasRows: boolean, hasColumns: boolean, isScatter: boolean) {
  const isNarrow = width < 520;
  return {
    left: hasRows ? (isNarrow ? 92 : 124) : isScatter ? (isNarrow ? 52 : 68) : 12,
    top: hasColumns && isNarrow ? ONE_LINE + 16 : hasRows || hasColumns ? ONE_LINE : 8,
    right: 10,
    bottom: isScatter ? 38 : 8,
  };
}

function Dive({
  sample,
  state,
  set,
  adjust,
  isLate,
}: {
  sample: DatasetSample;
  state: DiveState;
  set(change: DiveChange): void;
  adjust(change: DiveChange): void;
  isLate: boolean;
}) {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const [looked, setLooked] = useState<{ row: number | null; by: "pointer" | "keyboard" }>({
    row: null,
    by: "pointer",
  });
  const handle = useRef<DiveHandle>(null);
  const columns = useMemo(() => decodeSample(sample), [sample]);
  const { down, across, colour, x, y, position } = state;
  const choice = useMemo(
    () => chooseFeatures({ down, across, colour, x, y, position }, columns, sample.fields),
    [down, across, colour, x, y, position, columns, sample.fields],
  );
  const length = sample.sampled;
  const colouring = useMemo(() => colourRows(choice.colour, length, state.scale), [choice.colour, length, state.scale]);
  const bins = Math.min(40, Math.max(1, state.bins));
  const picture = useMemo((): Picture | null => {
    if (!size || size.width === 0) return null;
    const isScatter = choice.position === "scatter";
    const margins = marginsFor(size.width, choice.down !== null, choice.across !== null, isScatter);
    const title = (column: typeof choice.x) =>
      column ? `${column.name}${column.unit ? ` (${column.unit})` : ""}` : null;
    return {
      layout: layOutRows(length, {
        width: Math.max(40, size.width - margins.left - margins.right),
        height: Math.max(40, size.height - margins.top - margins.bottom),
        facetRows: choice.down,
        facetColumns: choice.across,
        bins,
        position: choice.position,
        x: choice.x,
        y: choice.y,
        scale: state.scale,
        colours: colouring.codes,
      }),
      colouring,
      margins,
      titles: {
        x: isScatter ? title(choice.x) : null,
        y: isScatter ? title(choice.y) : null,
        rows: choice.down?.name ?? null,
        columns: choice.across?.name ?? null,
      },
    };
  }, [size, choice, bins, state.scale, length, colouring]);

  const pinned = state.pin !== null && state.pin >= 0 && state.pin < length ? state.pin : null;
  const active = looked.row !== null && looked.row < length ? looked.row : null;
  const move = useCallback((at: string | null) => adjust({ at }), [adjust]);
  const name = `${sample.dataset}-${sample.version}-sample`;
  const savePng = () => {
    handle.current?.toCanvas()?.toBlob((blob) => {
      if (blob) saveFile(`${name}.png`, blob);
      else notifications.show({ color: "red", message: "The picture is too large for this browser." });
    }, "image/png");
  };
  const saveRows = () =>
    saveCsv(
      name,
      csvLine(columns.map((column) => column.name)),
      ...Array.from({ length }, (_, row) => csvLine(columns.map((column) => column.textAt(row)))),
    );
  const words = describe(choice);
  return (
    <Stack gap="sm">
      <DiveControls
        state={state}
        choice={choice}
        columns={[
          ...(sample.part ? [{ name: partName(sample.fields), isWithheld: false }] : []),
          ...sample.fields.map((field) => ({ name: field.name, isWithheld: field.withheld })),
        ]}
        onChange={set}
      />
      <div className={classes.bar}>
        <Group gap="sm">
          <Text size="sm" role="status" aria-busy={isLate}>
            <b>{length.toLocaleString("en")}</b> of {sample.matched.toLocaleString("en")} rows sampled
            {sample.matched < sample.rows && ` (the version has ${sample.rows.toLocaleString("en")})`}
            {isLate && " · reading …"}
          </Text>
          <Selections sample={sample} state={state} set={set} />
        </Group>
        <DiveActions
          isTable={state.table}
          onZoom={(factor) => handle.current?.zoom(factor)}
          onReset={() => handle.current?.reset()}
          onTable={(table) => set({ table })}
          onPng={savePng}
          onCsv={saveRows}
        />
      </div>
      {sample.quarantined && (
        <Alert color="orange" title={`Version ${sample.version} is in quarantine`}>
          {capitalCause(sample.heldBy)}: no run reads it, but its rows can be inspected here.
        </Alert>
      )}
      {length === 0 ? (
        <EmptyState
          title="No rows"
          action={
            sample.rows > 0 && (
              <Button size="xs" variant="default" onClick={() => set({ slice: null, parts: null })}>
                Show all rows
              </Button>
            )
          }
        >
          {sample.rows === 0 ? "This version of the dataset is empty." : "No row is in this slice and these parts."}
        </EmptyState>
      ) : state.table ? (
        <DiveTable columns={columns} length={length} />
      ) : (
        <div className={classes.body}>
          <Stack gap="xs">
            {choice.colour && <DiveLegend colouring={colouring} name={choice.colour.name} />}
            <DiveCanvas
              handle={handle}
              picture={picture}
              at={state.at}
              active={active}
              pinned={pinned}
              label={`Picture of ${length.toLocaleString("en")} rows: ${words}. The button “As table” shows rows as text.`}
              onSize={setSize}
              onLook={(row, by) =>
                setLooked((before) => (before.row === row && before.by === by ? before : { row, by }))
              }
              onPin={(row) => adjust({ pin: row })}
              onMove={move}
            />
            <Text size="xs" c="dimmed" id="dive-keys">
              Drag or arrow keys pan; wheel, pinch, + and − zoom; 0 shows all; Shift with an arrow key goes from row to
              row, Enter pins.
              {(picture?.layout.beyond ?? 0) > 0 &&
                ` ${picture?.layout.beyond.toLocaleString("en")} outliers are drawn at the ends of the axes; use the logarithmic or rank scale to separate them.`}
            </Text>
          </Stack>
          <DiveRecord
            row={active ?? pinned}
            isPinned={pinned !== null && (active === null || active === pinned)}
            columns={columns}
            fields={sample.fields}
            spoken={looked.by === "keyboard"}
            onUnpin={() => adjust({ pin: null })}
          />
        </div>
      )}
    </Stack>
  );
}

function describe({ down, across, colour, x, y, position }: ReturnType<typeof chooseFeatures>): string {
  return [
    position === "scatter" ? `${y?.name ?? "spread"} up and ${x?.name ?? "spread"} across` : "dots stacked",
    ...(down ? [`facets down by ${down.name}`] : []),
    ...(across ? [`facets across by ${across.name}`] : []),
    ...(colour ? [`coloured by ${colour.name}`] : []),
  ].join(", ");
}

/** Which rows these are: the slice and the parts, each with a way out, and the way to Overview with both. */
function Selections({
  sample,
  state,
  set,
}: {
  sample: DatasetSample;
  state: DiveState;
  set(change: DiveChange): void;
}) {
  const parts = partsOf(state);
  const toggle = (part: string) => {
    const next = parts.includes(part) ? parts.filter((one) => one !== part) : [...parts, part];
    set({ parts: next.length > 0 ? next : null, pin: null });
  };
  const back = new URLSearchParams();
  back.set("tab", "overview");
  if (state.slice) back.set("slice", state.slice);
  if (state.parts) back.set("parts", state.parts.join(","));
  if (state.version !== null) back.set("version", String(state.version));
  return (
    <>
      {sample.parts.length > 1 && (
        <Group gap={4} role="group" aria-label="Parts">
          <Button
            size="compact-xs"
            variant={parts.length === 0 ? "light" : "default"}
            aria-pressed={parts.length === 0}
            onClick={() => set({ parts: null, pin: null })}
          >
            all rows
          </Button>
          {sample.parts.map((part) => (
            <Button
              key={part}
              size="compact-xs"
              variant={parts.includes(part) ? "light" : "default"}
              aria-pressed={parts.includes(part)}
              onClick={() => toggle(part)}
            >
              {part}
            </Button>
          ))}
        </Group>
      )}
      {state.slice && (
        <>
          <Badge
            variant="light"
            tt="none"
            fw={500}
            size="lg"
            pr={2}
            rightSection={
              <CloseButton size="xs" aria-label="Clear the slice" onClick={() => set({ slice: null, pin: null })} />
            }
          >
            {nameOf(state.slice, sample.fields)}
          </Badge>
          <Anchor component={Link} href={`?${back.toString()}`} size="sm">
            Back to Overview
          </Anchor>
        </>
      )}
      {!state.slice && <VisuallyHidden>All rows: no slice is selected.</VisuallyHidden>}
    </>
  );
}

/** The slice in words; instants are milliseconds in the URL and dates to people. */
function nameOf(text: string, fields: readonly SampleField[]): string {
  try {
    const slice = parseSlice(text);
    const field = fields.find(({ name, column }) => name === slice.column || column === slice.column);
    if (field?.type !== "timestamp" && field?.type !== "date") return sliceName(slice);
    const day = (ms: number) => formatInstant(ms, field.type === "date");
    if (slice.kind === "above") return `${slice.column} after ${day(slice.from)}`;
    if (slice.kind !== "range") return sliceName(slice);
    return [
      slice.column,
      ...(slice.from === null ? [] : [`from ${day(slice.from)}`]),
      ...(slice.to === null ? [] : [`to ${day(slice.to)}`]),
    ].join(" ");
  } catch {
    return text;
  }
}
