import js from "@eslint/js";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { LAYERS } from "./layers.mjs";

const TESTS = ["**/*.test.ts", "**/*.test.tsx"];

/** One zone per layer: everything under the project's code that the layer is not allowed to import is forbidden. */
const zones = Object.entries(LAYERS).map(([layer, allowed]) => ({
  target: `./${layer}`,
  from: Object.keys(LAYERS)
    .filter((other) => other !== layer && !allowed.includes(other))
    .map((other) => `./${other}`),
  message: `${layer} may import only ${["itself", ...allowed].join(", ")} (layers.mjs).`,
}));

export default tseslint.config(
  { ignores: [".next*/", ".tributary/", "lib/db/generated/", "node_modules/", "next-env.d.ts", "test-results/"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: { "import-x": importX, "react-hooks": reactHooks },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "import-x/no-cycle": "error",
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "no-console": ["error", { allow: ["error", "warn"] }],
      eqeqeq: "error",
    },
  },
  // A test may reach across layers to set up what a user would have; the code that ships may not.
  { ignores: TESTS, rules: { "import-x/no-restricted-paths": ["error", { zones }] } },
  {
    files: ["scripts/**", "bin/**", "bench/**", "lib/cli/**", "*.mjs", "*.js", "e2e/**"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", setTimeout: "readonly", fetch: "readonly" },
    },
    rules: { "no-console": "off" },
  },
  // TypeScript already reports undefined names, and knows the platform's.
  { files: ["**/*.ts", "**/*.tsx"], rules: { "no-undef": "off" } },
);
