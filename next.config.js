/** @type {import("next").NextConfig} */
export default {
  // Native and WebAssembly packages are loaded by Node, not bundled.
  serverExternalPackages: [
    "@duckdb/node-api",
    "@duckdb/node-bindings",
    "@electric-sql/pglite",
    "@node-rs/argon2",
    "lmdb",
    "pg",
    "pg-boss",
    "pino",
    "pglite-prisma-adapter",
    "@prisma/adapter-pg",
    "@prisma/client",
  ],
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks", "@tabler/icons-react"] },
  poweredByHeader: false,
  // Pages have a content policy of their own (proxy.ts); these hold for every answer, files and API included.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        { key: "referrer-policy", value: "same-origin" },
      ],
    },
  ],
  // Tests and several checkouts of one machine build beside each other.
  distDir: process.env.TRIBUTARY_BUILD_DIR || ".next",
  // `npm run typecheck` and `npm run lint` are steps of their own; a build does not repeat them.
  typescript: { ignoreBuildErrors: true },
};
