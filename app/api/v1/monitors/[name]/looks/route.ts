/** The earlier address of backtests, for one version more. */
export { POST } from "../backtests/route";
