/** The worker role: jobs and nothing else. */
import { start } from "../lib/jobs/start";

await start();
