import { Avatar } from "@mantine/core";

/** Initials of a person. Decorative: the name stands beside it or labels the button around it. */
export function PersonAvatar({ name, size = 28 }: { name: string; size?: number }) {
  const initials = name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  return (
    <Avatar size={size} radius="xl" color="indigo" variant="light" aria-hidden="true">
      {initials}
    </Avatar>
  );
}
