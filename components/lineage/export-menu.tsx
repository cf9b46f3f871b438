"use client";

import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload } from "@tabler/icons-react";
import type { Picture } from "./draw-svg";
import { saveFile } from "@/components/ui/save-file";
import { toPng } from "@/components/ui/svg-to-png";

/** The whole graph as a picture, whatever part of it is in sight. */
export function ExportMenu({ draw, fileName }: { draw(): Picture; fileName: string }) {
  const save = async (format: "svg" | "png") => {
    try {
      const picture = draw();
      const file = format === "png" ? await toPng(picture) : new Blob([picture.svg], { type: "image/svg+xml" });
      saveFile(`${fileName}.${format}`, file);
    } catch (error) {
      notifications.show({
        color: "red",
        title: "The picture could not be made",
        message: `${error instanceof Error ? error.message : String(error)} The SVG has no such limit.`,
      });
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
          Picture
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void save("svg")}>SVG</Menu.Item>
        <Menu.Item onClick={() => void save("png")}>PNG</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
