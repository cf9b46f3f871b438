import { Prisma } from "@/lib/db/generated/client";

/** A model's owner: whom its document names, else who owns the pipeline that made the version. */
export function modelOwner(
  model: { owner: string },
  variant: { pipeline: { owner: string } } | null | undefined,
): string {
  return model.owner || (variant?.pipeline.owner ?? "");
}

/** The same in SQL, where `m` is the model and `p` the pipeline, if there is one. */
export const MODEL_OWNER = Prisma.sql`coalesce(nullif(m."owner", ''), p."owner", '')`;
