"use client";

import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import Link from "next/link";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";

export function NewChangeButton({ roles }: { roles: string[] }) {
  if (!can(roles as Role[], "feature:propose")) return null;
  return (
    <Button component={Link} href="/changes/new" leftSection={<IconPlus size={16} />}>
      New request
    </Button>
  );
}
