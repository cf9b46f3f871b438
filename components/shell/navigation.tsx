"use client";

import { Tooltip } from "@mantine/core";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { DESTINATIONS, destinationOf } from "./destinations";
import classes from "./shell.module.css";

/** The pages of the portal, for inside a `nav`. Folded, only icons with their names on hover; `onLeave` closes the drawer on a phone. */
export function Navigation({
  roles,
  folded = false,
  onLeave,
}: {
  roles: readonly Role[];
  folded?: boolean;
  onLeave?: () => void;
}) {
  const here = destinationOf(usePathname());
  return (
    <div className={classes.navigation}>
      {DESTINATIONS.map((group, index) => (
        <ul key={index} className={classes.group}>
          {group
            .filter(({ verb }) => !verb || can(roles, verb))
            .map(({ href, label, icon: Icon }) => (
              <li key={href}>
                <Tooltip label={label} position="right" disabled={!folded} withArrow>
                  <Link
                    href={href}
                    className={classes.link}
                    data-folded={folded || undefined}
                    aria-current={here?.href === href ? "page" : undefined}
                    aria-label={folded ? label : undefined}
                    onClick={onLeave}
                  >
                    <Icon size={18} stroke={1.6} />
                    {!folded && label}
                  </Link>
                </Tooltip>
              </li>
            ))}
        </ul>
      ))}
    </div>
  );
}
