import { Badge } from "@mantine/core";
import type { Environment } from "@/lib/domain/environments";

const LOOK = {
  dev: { color: "gray", variant: "light" },
  staging: { color: "indigo", variant: "light" },
  production: { color: "indigo", variant: "filled" },
} as const;

/** An environment, with the version that its pointer names. */
export function EnvironmentBadge({ environment, version }: { environment: Environment; version?: number }) {
  return (
    <Badge {...LOOK[environment]} tt="none" fw={500} miw="max-content">
      {environment === "production" ? "prod" : environment}
      {version !== undefined && ` v${version}`}
    </Badge>
  );
}
