import { bindStatements } from "./bind-statements";
import { engine } from "./current-engine";

/** What this process's engine tells of spec documents before they are applied. */
export const specProbes = {
  describe: (source: Parameters<ReturnType<typeof engine>["describe"]>[0]) => engine().describe(source),
  bind: bindStatements,
};
