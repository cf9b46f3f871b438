import { Group } from "@mantine/core";
import { EnvironmentBadge } from "@/components/ui/environment-badge";
import type { ModelVersion } from "@/lib/contracts/models";

/** The aliases that a version has. */
export function AliasBadges({ aliases }: { aliases: ModelVersion["aliases"] }) {
  if (aliases.length === 0) return null;
  return (
    <Group gap={4}>
      {aliases.map((alias) => (
        <EnvironmentBadge key={alias} environment={alias} />
      ))}
    </Group>
  );
}
