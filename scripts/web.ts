/** The portal: Next behind the product's own HTTP server. */
import { createServer } from "node:http";
import next from "next";
import { environment } from "../lib/config/environment";
import { admit } from "../lib/http/check-request";
import { startFrontServer } from "../lib/http/front-server";
import { closeFirst } from "../lib/server/stopping";

const { HOST, PORT } = environment();
// Next listens for upgrades on the server that it is given, and ends the connection of each. On one that serves nobody it hears of none:
// a client that offers HTTP/2 or WebSockets, as Java's does with every request, is answered in HTTP/1.1.
const app = next({ dev: false, hostname: HOST, port: PORT, httpServer: createServer() });
const handle = app.getRequestHandler();
// Opens the database and starts the role's work (instrumentation.ts).
await app.prepare();
const server = await startFrontServer({ host: HOST, port: PORT, admit, handle });
closeFirst(() => server.close());
