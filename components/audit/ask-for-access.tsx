import { EmptyState } from "@/components/ui/empty-state";

/** Not an error: the log is for others, and this is who they are. */
export function AskForAccess({ people }: { people: { name: string; role: string }[] }) {
  return (
    <EmptyState title="The audit log is for auditors and admins">
      {people.length === 0
        ? "Nobody in this workspace has one of these roles yet. An administrator of the installation can grant it."
        : `Ask ${listed(people.map(({ name, role }) => `${name} (${role})`))} to look something up, or an admin for the role.`}
    </EmptyState>
  );
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
