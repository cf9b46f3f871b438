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
  typescript: { ignoreBuildErrors: true },
};
