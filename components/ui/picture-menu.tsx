"use client";

import { ActionIcon, Menu, type MenuProps } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPhotoDown } from "@tabler/icons-react";
import type { ReactElement } from "react";
import type { Picture } from "./drawn-picture";
import { saveFile } from "./save-file";
import { toPng } from "./svg-to-png";

/** A chart or graph as a file; `name` is without its ending. `target` opens the menu, and is a small icon when left out. */
export function PictureMenu({
  name,
  label = name,
  draw,
  target,
  position = "bottom-start",
}: {
  name: string;
  label?: string;
  draw: () => Picture;
  target?: ReactElement;
  position?: MenuProps["position"];
}) {
  const save = async (format: "svg" | "png") => {
    try {
      const picture = draw();
      const file = format === "png" ? await toPng(picture) : new Blob([picture.svg], { type: "image/svg+xml" });
      saveFile(`${name}.${format}`, file);
    } catch (error) {
      const message = `${error instanceof Error ? error.message : String(error)}${format === "png" ? " The SVG has no such limit." : ""}`;
      notifications.show({ color: "red", title: "The picture could not be made", message });
    }
  };
  return (
    <Menu position={position}>
      <Menu.Target>
        {target ?? (
          <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`Save the chart of ${label}`}>
            <IconPhotoDown size={14} />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save("svg")}>SVG</Menu.Item>
        <Menu.Item onClick={() => void save("png")}>PNG</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
