"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";

export function NewTrainingButton() {
  return (
    <Button component={Link} href="/training-datasets/new" leftSection={<IconPlus size={16} />}>
      New training dataset
    </Button>
  );
}
