/**
 * The layer rule: which folder may import which. `domain` imports nothing but itself; a folder not listed
 * here (tests, bench, e2e, scripts) may import anything. ESLint reads this table and fails on any other import.
 */
export const LAYERS = {
  "lib/domain": [],
  "lib/contracts": ["lib/domain"],
  "lib/db": ["lib/domain", "lib/config"],
  "lib/config": ["lib/domain"],
  "lib/registry": ["lib/domain", "lib/contracts", "lib/db", "lib/config"],
  "lib/engines": ["lib/domain", "lib/contracts", "lib/config"],
  "lib/online": ["lib/domain", "lib/contracts", "lib/config"],
  "lib/serving": ["lib/domain", "lib/contracts", "lib/online", "lib/engines", "lib/registry", "lib/config"],
  "lib/notify": ["lib/domain", "lib/contracts", "lib/registry", "lib/db", "lib/config"],
  "lib/jobs": [
    "lib/domain",
    "lib/contracts",
    "lib/registry",
    "lib/engines",
    "lib/online",
    "lib/notify",
    "lib/db",
    "lib/config",
  ],
  "lib/auth": ["lib/domain", "lib/db", "lib/config"],
  "lib/http": ["lib/domain", "lib/contracts", "lib/db", "lib/auth", "lib/config"],
  "lib/client": ["lib/domain", "lib/contracts"],
  components: ["lib/client", "lib/contracts", "lib/domain"],
  app: [
    "components",
    "lib/domain",
    "lib/contracts",
    "lib/registry",
    "lib/engines",
    "lib/online",
    "lib/serving",
    "lib/jobs",
    "lib/auth",
    "lib/http",
    "lib/client",
    "lib/config",
  ],
};
