/** The worker role: jobs and nothing else. */
import { start } from "../lib/server/start";

await start();
