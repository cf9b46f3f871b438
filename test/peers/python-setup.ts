import { mlflowPython, sparkPython } from "./python-environment";

/**
 * Begins to make the Python environments of the project `peers`, beside the first tests: on a machine that has none it takes a minute,
 * most of it downloads. Each file of the project waits for its own.
 */
export default function setup(): () => Promise<unknown> {
  const made = mlflowPython().then(sparkPython);
  return () => made;
}
