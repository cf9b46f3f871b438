/** The portal: Next behind the product's own HTTP server. */
import next from "next";
import { environment } from "../lib/config/environment";
import { admit } from "../lib/http/check-request";
import { startFrontServer } from "../lib/http/front-server";
import { closeFirst } from "../lib/server/stopping";

const { HOST, PORT } = environment();
const app = next({ dev: false, hostname: HOST, port: PORT });
const handle = app.getRequestHandler();
// Opens the database and starts the role's work (instrumentation.ts).
await app.prepare();
const server = await startFrontServer({ host: HOST, port: PORT, admit, handle });
closeFirst(() => server.close());
