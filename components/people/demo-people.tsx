"use client";

import { Alert, Group, Loader, SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import { signIn } from "next-auth/react";
import { useState } from "react";
import type { Role } from "@/lib/domain/roles";
import { PersonAvatar } from "./person-avatar";
import { ROLE_MEANING, RoleBadge } from "./role-badge";
import classes from "./sign-in.module.css";

/** The demo's people as buttons: one click and you are one of them. */
export function DemoPeople({
  people,
  to,
}: {
  people: { email: string; name: string; title: string; roles: Role[] }[];
  to: string;
}) {
  const [entering, setEntering] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);

  async function enter(email: string) {
    setEntering(email);
    setFailed(false);
    const answer = await signIn("credentials", { email, demo: "1", redirect: false }).catch(() => undefined);
    // A whole new page: nothing of what a person before saw may stay.
    if (answer?.ok) window.location.assign(to);
    else {
      setEntering(null);
      setFailed(true);
    }
  }

  return (
    <Stack gap="sm">
      {failed && (
        <Alert color="red" role="alert">
          That did not work. Reload the page and try again.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" component="ul" className={classes.people}>
        {people.map((person) => (
          <li key={person.email}>
            <UnstyledButton
              className={classes.person}
              onClick={() => enter(person.email)}
              disabled={entering !== null}
              aria-label={`Sign in as ${person.name}`}
              aria-describedby={`about-${person.email}`}
            >
              {entering === person.email ? (
                <Loader size={36} aria-label="Signing in" />
              ) : (
                <PersonAvatar name={person.name} size={36} />
              )}
              <div id={`about-${person.email}`}>
                <Group gap={8}>
                  <Text fw={600} size="md">
                    {person.name}
                  </Text>
                  {person.roles.map((role) => (
                    <RoleBadge key={role} role={role} />
                  ))}
                </Group>
                <Text size="sm">{person.title}</Text>
                {person.roles[0] && (
                  <Text size="xs" c="dimmed">
                    {ROLE_MEANING[person.roles[0]]}
                  </Text>
                )}
              </div>
            </UnstyledButton>
          </li>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
