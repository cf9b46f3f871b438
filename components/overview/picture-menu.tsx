"use client";

import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPhotoDown } from "@tabler/icons-react";
import type { ChartOptions, Series } from "@/components/distributions/buckets";
import { saveFile } from "@/components/ui/save-file";
import { toPng } from "@/components/ui/svg-to-png";
import { drawChart } from "./chart-picture";

/** One chart as a file. */
export function PictureMenu({ name, series, options }: { name: string; series: Series[]; options: ChartOptions }) {
  const save = async (format: "svg" | "png") => {
    try {
      const picture = drawChart(name, series, options, resolveColour);
      const file = format === "png" ? await toPng(picture) : new Blob([picture.svg], { type: "image/svg+xml" });
      saveFile(`${name}.${format}`, file);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      notifications.show({ color: "red", title: "The picture could not be made", message });
    }
  };
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Save the chart of ${name}`}>
          <IconPhotoDown size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save("svg")}>SVG</Menu.Item>
        <Menu.Item onClick={() => void save("png")}>PNG</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** A file knows no style sheet: `var(--name)` becomes its value. */
function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name ? getComputedStyle(document.documentElement).getPropertyValue(name).trim() || "#868e96" : colour;
}
