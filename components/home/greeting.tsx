"use client";

import { useMounted } from "@mantine/hooks";

/** Greets by the reader's clock; before that is known, by name only. */
export function Greeting({ name }: { name: string }) {
  const first = name.split(" ")[0] ?? name;
  const hour = new Date().getHours();
  const part = hour < 5 ? "Hello" : hour < 12 ? "Good morning" : hour < 18 ? "Good afternoon" : "Good evening";
  return `${useMounted() ? part : "Hello"}, ${first}`;
}
