"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";

export function NewAbTestButton() {
  return (
    <Button component={Link} href="/deployments/ab-tests/new" leftSection={<IconPlus size={16} />}>
      New A/B test
    </Button>
  );
}
