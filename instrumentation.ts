/** Runs once when the server starts, before it answers: opens and migrates the database, then starts what the role asks for. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { start } = await import("./lib/server/start");
  await start();
}
