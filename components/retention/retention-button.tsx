"use client";

import { Button } from "@mantine/core";
import Link from "next/link";

export function RetentionButton() {
  return (
    <Button component={Link} href="/retention" variant="default">
      Retention
    </Button>
  );
}
