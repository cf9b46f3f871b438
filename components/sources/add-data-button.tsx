"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";

export function AddDataButton() {
  return (
    <Button component={Link} href="/sources/add" leftSection={<IconPlus size={16} />}>
      Add data
    </Button>
  );
}
