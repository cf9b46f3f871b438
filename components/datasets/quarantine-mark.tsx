import { Badge } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

export function QuarantineMark({ since }: { since: string }) {
  return (
    <Badge
      color="orange"
      variant="light"
      tt="none"
      fw={500}
      leftSection={<IconAlertTriangle size={12} />}
      title={`Since ${since}`}
    >
      in quarantine
    </Badge>
  );
}
