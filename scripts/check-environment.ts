/** Exits with 1 and a sentence per wrong variable; called by `npm start` before it builds or opens anything. */
import { EnvironmentError, parseEnvironment } from "../lib/config/environment";

try {
  parseEnvironment(process.env);
} catch (error) {
  if (!(error instanceof EnvironmentError)) throw error;
  console.error(`Tributary cannot start:\n${error.message.replace(/^/gm, "  ")}\nSee docs/configuration.md.`);
  process.exit(1);
}
