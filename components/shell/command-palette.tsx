"use client";

import { Spotlight, spotlight } from "@mantine/spotlight";
import { useRouter } from "next/navigation";
import { can, type Role } from "@/lib/domain/permissions";
import { DESTINATIONS } from "./destinations";

export const openCommandPalette = () => spotlight.open();

/** Finds any page by a few letters. */
export function CommandPalette({ roles, onKeys }: { workspace: string; roles: readonly Role[]; onKeys: () => void }) {
  const router = useRouter();
  return (
    <Spotlight
      shortcut="mod + K"
      tagsToIgnore={[]}
      searchProps={{ placeholder: "Find anything", "aria-label": "Find anything" }}
      nothingFound="Nothing found."
      actions={[
        ...DESTINATIONS.flat()
          .filter(({ verb }) => !verb || can(roles, verb))
          .map(({ href, label, about }) => ({ id: href, label, description: about, onClick: () => router.push(href) })),
        { id: "keys", label: "Keys", description: "What the keyboard does", onClick: onKeys },
      ]}
    />
  );
}
