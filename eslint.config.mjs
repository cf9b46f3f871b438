import js from "@eslint/js";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";
import { FOLDERS } from "./folders.mjs";
import { LAYERS } from "./layers.mjs";

const TESTS = ["**/*.test.ts", "**/*.test.tsx", "**/*.test-support.ts"];

/** One zone per layer: everything under the project's code that the layer is not allowed to import is forbidden. */
const zones = Object.entries(LAYERS).map(([layer, allowed]) => ({
  target: `./${layer}`,
  from: Object.keys(LAYERS)
    .filter((other) => other !== layer && !allowed.includes(other))
    .map((other) => `./${other}`),
  message: `${layer} may import only ${["itself", ...allowed].join(", ")} (layers.mjs).`,
}));

/** The same inside a layer: a folder and its siblings, and what lies beside them and imports none. */
const folderZones = Object.entries(FOLDERS).flatMap(([layer, folders]) => {
  const names = Object.keys(folders);
  return [
    {
      target: `./${layer}/*.ts`,
      from: `./${layer}/*/**`,
      message: `Files of ${layer} import none of its folders (folders.mjs).`,
    },
    ...Object.entries(folders).map(([folder, allowed]) => ({
      target: `./${layer}/${folder}`,
      from: names.filter((other) => other !== folder && !allowed.includes(other)).map((other) => `./${layer}/${other}`),
      message: `${layer}/${folder} may import only ${["itself", ...allowed].join(", ")} (folders.mjs).`,
    })),
  ];
});

export default tseslint.config(
  {
    ignores: [
      ".next*/",
      "dist/",
      ".tributary/",
      "lib/db/generated/",
      "node_modules/",
      "next-env.d.ts",
      "test-results/",
    ],
  },
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
  { ignores: TESTS, rules: { "import-x/no-restricted-paths": ["error", { zones: [...zones, ...folderZones] }] } },
  {
    files: ["scripts/**", "bin/**", "bench/**", "lib/cli/**", "lib/**/*.mjs", "*.mjs", "*.js", "e2e/**"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        setTimeout: "readonly",
        fetch: "readonly",
        WebAssembly: "readonly",
      },
    },
    rules: { "no-console": "off" },
  },
  // TypeScript already reports undefined names, and knows the platform's.
  { files: ["**/*.ts", "**/*.tsx"], rules: { "no-undef": "off" } },
);
