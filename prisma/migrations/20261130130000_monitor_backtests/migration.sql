-- A check of a monitor over history is called a backtest everywhere.
ALTER TABLE "MonitorLook" RENAME TO "MonitorBacktest";
ALTER TABLE "MonitorBacktest" RENAME CONSTRAINT "MonitorLook_pkey" TO "MonitorBacktest_pkey";
ALTER TABLE "MonitorBacktest" RENAME CONSTRAINT "MonitorLook_monitorId_fkey" TO "MonitorBacktest_monitorId_fkey";
ALTER TABLE "MonitorBacktest" RENAME CONSTRAINT "MonitorLook_state_check" TO "MonitorBacktest_state_check";
ALTER INDEX "MonitorLook_monitorId_createdAt_idx" RENAME TO "MonitorBacktest_monitorId_createdAt_idx";
