import { Paper } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Entrance } from "@/components/people/entrance";
import { SetupForm } from "@/components/people/setup-form";
import { entrance } from "@/lib/auth/sign-in";
import { hasWorkspace } from "@/lib/registry/access/people";

export const metadata: Metadata = { title: "Set up" };

export default async function SetupPage() {
  if ((await entrance()) !== "setup") redirect("/sign-in");
  return (
    <Entrance
      title="Set up Tributary"
      lead="Nobody can sign in yet. Create the first administrator; this page is not available afterwards."
    >
      <Paper withBorder p="md" maw={400}>
        <SetupForm askWorkspace={!(await hasWorkspace())} />
      </Paper>
    </Entrance>
  );
}
