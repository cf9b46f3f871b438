import { Text } from "@mantine/core";
import type { ReactNode } from "react";

/** One line that says how things stand: heard when it changes. */
export function StateLine({ tone = "plain", children }: { tone?: "plain" | "error"; children: ReactNode }) {
  return (
    <Text
      size="sm"
      c={tone === "error" ? "var(--mantine-color-error)" : "dimmed"}
      role={tone === "error" ? "alert" : "status"}
    >
      {children}
    </Text>
  );
}
