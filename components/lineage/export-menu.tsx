"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { Picture } from "@/components/ui/drawn-picture";
import { PictureMenu } from "@/components/ui/picture-menu";

/** The whole graph as a picture, whatever part of it is in sight. */
export function ExportMenu({ draw, fileName }: { draw(): Picture; fileName: string }) {
  const target = (
    <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
      Picture
    </Button>
  );
  return <PictureMenu name={fileName} draw={draw} target={target} position="bottom-end" />;
}
