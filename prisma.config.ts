import { defineConfig } from "prisma/config";

// The URL matters only to Prisma's own command line (`prisma migrate deploy` on a server Postgres); the product passes an adapter.
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
