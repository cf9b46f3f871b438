"use client";

import { Skeleton } from "@mantine/core";
import dynamic from "next/dynamic";

/** The graph needs a browser: its size, its colours and a worker. */
export const LineagePage = dynamic<{ workspace: string; home?: string | null }>(
  () => import("@/components/lineage/lineage-explorer"),
  { ssr: false, loading: () => <Skeleton height={560} /> },
);
