/** Starts jobs-thread-main.ts in a thread: it is no part of any bundle, and threads do not inherit loaders. */
import { register } from "tsx/esm/api";

register();
await import("./jobs-thread-main.ts");
