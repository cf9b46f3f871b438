/** The earlier address of evaluations, for one version more. */
export { POST } from "../evaluations/route";
