"use client";

import { ActionIcon, Button, Group, Menu, Skeleton, Text, Tooltip } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { IconDownload, IconMaximize, IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { saveFile } from "@/components/ui/save-file";
import { toPng } from "@/components/ui/svg-to-png";
import { clampZoom, fitZoom, type ZoomLimits } from "@/components/ui/viewport";
import { ErrorState } from "@/components/ui/error-state";
import type { NodeLook } from "./node-look";
import { pictureOf } from "./picture-of";
import { PlanDrawing } from "./plan-drawing";
import type { PlanGraph } from "./plan-graph";
import classes from "./plan.module.css";
import { useLayout } from "./use-layout";

/** Below this, names are hard to read: the drawing scrolls instead. */
const LEAST_READABLE = 0.75;
/** Finer steps than elsewhere: the drawing scrolls, and what was in sight should stay so. */
const STEP = 1.25;
const ZOOM: ZoomLimits = { least: 0.2, most: 2 };

/** The drawing in a frame of constant height, with zoom and pictures to take away. */
export function PlanCanvas({
  graph,
  looks,
  chosen,
  compared,
  selected,
  hidden,
  fileName,
  onSelect,
  onPin,
}: {
  graph: PlanGraph | null;
  looks: ReadonlyMap<string, NodeLook>;
  chosen: number;
  compared: number | null;
  selected: string | null;
  /** Listed variants that are not drawn. */
  hidden: number;
  fileName: string;
  onSelect(id: string | null): void;
  onPin(pin: NonNullable<NodeLook["pin"]>): void;
}) {
  const drawing = useRef<SVGSVGElement>(null);
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const [asked, setAsked] = useState<number | null>(null);
  const { laid, error } = useLayout(graph, looks);
  if (error) return <ErrorState error={error} />;
  const fit = Math.min(fitZoom(laid?.layout ?? { width: 1, height: 1 }, { width, height }), 1);
  const zoom = asked ?? Math.max(fit, LEAST_READABLE);
  const scale = (by: number) => setAsked(clampZoom(zoom * by, ZOOM));
  const take = (kind: "svg" | "png") => {
    if (!drawing.current) return;
    const picture = pictureOf(drawing.current);
    if (kind === "svg") saveFile(`${fileName}.svg`, new Blob([picture.svg], { type: "image/svg+xml" }));
    else void toPng(picture).then((png) => saveFile(`${fileName}.png`, png));
  };
  return (
    <div>
      <Group justify="space-between" gap="sm" mb={6} wrap="nowrap">
        <Text size="sm" c="dimmed" role="status">
          {laid ? `${laid.graph.nodes.size} nodes` : "Laying out …"}
          {hidden > 0 &&
            ` · ${hidden} listed ${hidden === 1 ? "variant is" : "variants are"} not drawn; pin to see them`}
        </Text>
        <Group gap={6} wrap="nowrap">
          <Zoom label="Smaller" onClick={() => scale(1 / STEP)} icon={<IconZoomOut size={16} />} />
          <Zoom label="Larger" onClick={() => scale(STEP)} icon={<IconZoomIn size={16} />} />
          <Zoom label="Show all of it" onClick={() => setAsked(fit)} icon={<IconMaximize size={16} />} />
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} />}>
                Picture
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => take("svg")}>SVG</Menu.Item>
              <Menu.Item onClick={() => take("png")}>PNG</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </Group>
      </Group>
      <div
        ref={ref}
        className={classes.canvas}
        role="region"
        aria-label="Plan graph; arrow keys walk, Enter shows details, p pins"
        tabIndex={0}
      >
        {laid && width > 0 ? (
          <PlanDrawing
            ref={drawing}
            graph={laid.graph}
            layout={laid.layout}
            looks={laid.looks}
            chosen={chosen}
            compared={compared}
            selected={selected}
            zoom={zoom}
            label="Merged graph of the variants"
            onSelect={onSelect}
            onPin={onPin}
          />
        ) : (
          <Skeleton height="100%" />
        )}
      </div>
    </div>
  );
}

function Zoom({ label, onClick, icon }: { label: string; onClick(): void; icon: React.ReactNode }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={26} aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
