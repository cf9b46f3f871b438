"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import type { Start } from "./starting-documents";

/** The way to declare something new. */
export function DeclareButton({ start, label = "Declare" }: { start?: Start; label?: string }) {
  return (
    <Button component={Link} href={start ? `/specs?start=${start}` : "/specs"} leftSection={<IconPlus size={16} />}>
      {label}
    </Button>
  );
}
