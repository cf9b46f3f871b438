import { Badge } from "@mantine/core";
import type { Role } from "@/lib/domain/roles";

export function RoleBadge({ role }: { role: Role }) {
  return (
    <Badge variant="default" tt="none" fw={500}>
      {role}
    </Badge>
  );
}

/** What each role is for, in the words of the sign-in page and the settings. */
export const ROLE_MEANING: Record<Role, string> = {
  viewer: "finds and reads features",
  author: "declares features, runs pipelines, proposes changes",
  steward: "decides on changes and policies",
  auditor: "reads and verifies the log",
  admin: "manages people, tokens and everything else",
};
