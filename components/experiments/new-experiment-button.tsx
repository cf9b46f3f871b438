"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";

export function NewExperimentButton() {
  return (
    <Button component={Link} href="/experiments/new" leftSection={<IconPlus size={16} />}>
      New hypothesis
    </Button>
  );
}
