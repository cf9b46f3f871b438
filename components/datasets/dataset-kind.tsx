import { Badge } from "@mantine/core";
import { IconBrain, IconDatabase, IconServer, IconTransform } from "@tabler/icons-react";
import type { DatasetKind } from "@/lib/contracts/datasets";

const KINDS = {
  source: { icon: IconDatabase, label: "source" },
  training: { icon: IconBrain, label: "training" },
  output: { icon: IconTransform, label: "output" },
  serving: { icon: IconServer, label: "predictions" },
} as const satisfies Record<DatasetKind, unknown>;

export const kindName = (kind: DatasetKind) => KINDS[kind].label;

export function DatasetKindBadge({ kind }: { kind: DatasetKind }) {
  const { icon: Icon, label } = KINDS[kind];
  return (
    <Badge variant="default" tt="none" fw={400} miw="max-content" leftSection={<Icon size={12} />}>
      {label}
    </Badge>
  );
}
