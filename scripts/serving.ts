/** The serving role: online features on a bare Node server, for the low-latency path. */
import { environment } from "../lib/config/environment";
import { principalOfToken } from "../lib/auth/tokens";
import { closeDatabase, openDatabase } from "../lib/db/client";
import { onStop } from "../lib/server/stopping";
import { startServing } from "../lib/serving/server";

const { HOST, PORT } = environment();
await openDatabase();
const server = await startServing({ host: HOST, port: PORT, authenticate: (token) => principalOfToken(token, null) });
onStop(() => {
  void server
    .close()
    .then(closeDatabase)
    .then(
      () => process.exit(0),
      () => process.exit(1),
    );
});
