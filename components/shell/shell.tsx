"use client";

import { ActionIcon, AppShell, Burger, Drawer, Kbd, Tooltip, UnstyledButton } from "@mantine/core";
import { useDisclosure, useOs } from "@mantine/hooks";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from "@tabler/icons-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import type { Workspace } from "@/lib/contracts/workspaces";
import { can } from "@/lib/domain/permissions";
import type { Role } from "@/lib/domain/roles";
import { CommandPalette, openCommandPalette } from "./command-palette";
import { DESTINATIONS } from "./destinations";
import { FOLDED_COOKIE } from "./folded-cookie";
import { KeysDialog } from "./keys-dialog";
import { Logo } from "./logo";
import { Navigation } from "./navigation";
import { PersonMenu } from "./person-menu";
import { SeedingBanner } from "./seeding-banner";
import classes from "./shell.module.css";
import { ThemeSwitch } from "./theme-switch";
import { useKeys } from "./use-keys";
import { WorkspaceSwitch } from "./workspace-switch";

/** The frame of every page: navigation at the left, workspace, search and person at the top. */
export function Shell({
  person,
  workspace,
  workspaces,
  initiallyFolded = false,
  children,
}: {
  person: { id: string; name: string };
  workspace: Workspace;
  workspaces: Workspace[];
  initiallyFolded?: boolean;
  children: ReactNode;
}) {
  const router = useRouter();
  const [folded, setFolded] = useState(initiallyFolded);
  const [drawer, { open: openDrawer, close: closeDrawer }] = useDisclosure(false);
  const [keys, { open: openKeys, close: closeKeys }] = useDisclosure(false);
  const roles = workspace.roles as Role[];
  const mod = useOs() === "macos" ? "⌘" : "Ctrl";

  function toggleFold() {
    document.cookie = `${FOLDED_COOKIE}=${folded ? "open" : "folded"}; path=/; max-age=31536000; samesite=lax`;
    setFolded(!folded);
  }

  useKeys({
    "?": openKeys,
    "[": toggleFold,
    ...Object.fromEntries(
      DESTINATIONS.flat()
        .filter(({ verb }) => !verb || can(roles, verb))
        .map(({ key, href }) => [`g ${key}`, () => router.push(href)]),
    ),
  });

  const FoldIcon = folded ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  return (
    <>
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell
        header={{ height: 48 }}
        navbar={{ width: folded ? 56 : 200, breakpoint: "sm", collapsed: { mobile: true } }}
        padding="md"
        transitionDuration={0}
      >
        <AppShell.Header className={classes.header}>
          <Burger opened={drawer} onClick={openDrawer} hiddenFrom="sm" size="sm" aria-label="Open the navigation" />
          <Link href="/" className={classes.home} aria-label="Tributary, home">
            <Logo />
            <span className="mantine-visible-from-sm">Tributary</span>
          </Link>
          <span className={classes.divider} aria-hidden="true" />
          <WorkspaceSwitch workspace={workspace} workspaces={workspaces} />
          <div style={{ flex: 1, display: "flex", justifyContent: "center", minWidth: 0 }}>
            <UnstyledButton
              className={`${classes.search} mantine-visible-from-sm`}
              onClick={openCommandPalette}
              aria-label="Find anything"
            >
              <IconSearch size={15} stroke={1.8} />
              <span>Find features, runs, pages …</span>
              <Kbd size="xs">{mod} K</Kbd>
            </UnstyledButton>
          </div>
          <ActionIcon
            hiddenFrom="sm"
            variant="subtle"
            color="gray"
            size={32}
            onClick={openCommandPalette}
            aria-label="Find anything"
          >
            <IconSearch size={18} stroke={1.6} />
          </ActionIcon>
          <ThemeSwitch />
          <PersonMenu name={person.name} roles={roles} onKeys={openKeys} />
        </AppShell.Header>

        {/* Out of sight is not out of reach of the keyboard: on a phone the drawer is the only navigation. */}
        <AppShell.Navbar className={classes.navbar} aria-label="Pages" visibleFrom="sm">
          <Navigation roles={roles} folded={folded} />
          <Tooltip label="Unfold the navigation" position="right" disabled={!folded} withArrow>
            <UnstyledButton
              className={classes.fold}
              data-folded={folded || undefined}
              onClick={toggleFold}
              aria-label={folded ? "Unfold the navigation" : "Fold the navigation"}
            >
              <FoldIcon size={18} stroke={1.6} />
              {!folded && "Fold"}
            </UnstyledButton>
          </Tooltip>
        </AppShell.Navbar>

        <AppShell.Main id="main" tabIndex={-1} className={classes.main}>
          <SeedingBanner workspace={workspace} />
          {children}
        </AppShell.Main>
      </AppShell>
      <Drawer
        opened={drawer}
        onClose={closeDrawer}
        size={260}
        title="Tributary"
        hiddenFrom="sm"
        closeButtonProps={{ "aria-label": "Close the navigation" }}
      >
        <nav aria-label="Pages">
          <Navigation roles={roles} onLeave={closeDrawer} />
        </nav>
      </Drawer>
      <KeysDialog opened={keys} onClose={closeKeys} />
      <CommandPalette workspace={workspace.name} roles={roles} onKeys={openKeys} />
    </>
  );
}
