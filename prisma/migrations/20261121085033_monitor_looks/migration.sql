-- CreateTable
CREATE TABLE "MonitorLook" (
    "id" TEXT NOT NULL,
    "monitorId" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "rangeFrom" TIMESTAMP(3),
    "rangeTo" TIMESTAMP(3),
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "judged" INTEGER NOT NULL DEFAULT 0,
    "opened" INTEGER NOT NULL DEFAULT 0,
    "resolved" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "requestedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "MonitorLook_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "MonitorLook_monitorId_createdAt_idx" ON "MonitorLook"("monitorId", "createdAt");

-- AddForeignKey
ALTER TABLE "MonitorLook" ADD CONSTRAINT "MonitorLook_monitorId_fkey" FOREIGN KEY ("monitorId") REFERENCES "Monitor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
