import { environment } from "@/lib/config/environment";
import { prepareDemo, seedDemo } from "@/lib/demo/seed-demo";
import { engine } from "@/lib/engines/current-engine";
import { startDeliveries } from "@/lib/jobs/deliveries";
import { startWorker } from "@/lib/jobs/worker";
import { closeOnlineStore, onlineStore } from "@/lib/online/open-online-store";

export interface RunningJobs {
  /** Takes nothing new, gives back what runs, closes the online store, and resolves within five seconds. */
  stop(): Promise<void>;
}

/** Everything that works in the background: jobs, deliveries, and the demo's filling. The database and the queue are open. */
export async function startJobs(): Promise<RunningJobs> {
  const worker = await startWorker({ engine: engine(), store: onlineStore() });
  const deliveries = startDeliveries();
  const stop = new AbortController();
  engine().warm();
  const demo = environment().TRIBUTARY_DEMO ? await prepareDemo() : null;
  if (demo) void seedDemo(demo, engine(), stop.signal);
  return {
    async stop() {
      stop.abort();
      await Promise.all([worker.stop(), deliveries.stop()]);
      engine().close();
      await closeOnlineStore();
    },
  };
}
