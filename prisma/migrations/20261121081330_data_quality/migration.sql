-- AlterTable
ALTER TABLE "Alert" ADD COLUMN     "fitRunId" TEXT;

-- AlterTable
ALTER TABLE "Monitor" ADD COLUMN     "baseline" JSONB;

-- AlterTable
ALTER TABLE "MonitorVerdict" ADD COLUMN     "details" JSONB;

-- AlterTable
ALTER TABLE "OutboxMessage" ADD COLUMN     "channelId" TEXT;

-- AlterTable
ALTER TABLE "Profile" ADD COLUMN     "fingerprint" TEXT;

-- CreateTable
CREATE TABLE "NotificationChannel" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "format" TEXT NOT NULL DEFAULT 'tributary',
    "secret" TEXT,
    "events" TEXT[],
    "active" BOOLEAN NOT NULL DEFAULT true,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,
    "updatedAt" TIMESTAMP(3) NOT NULL,
    "updatedBy" TEXT NOT NULL,

    CONSTRAINT "NotificationChannel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LoggedPrediction" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "modelVersion" INTEGER,
    "requestId" TEXT,
    "key" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "prediction" DOUBLE PRECISION NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LoggedPrediction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LoggedOutcome" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "outcome" DOUBLE PRECISION NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "LoggedOutcome_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SkewCheck" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "viewId" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "sampled" INTEGER NOT NULL,
    "result" JSONB NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "SkewCheck_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "NotificationChannel_workspaceId_name_key" ON "NotificationChannel"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "LoggedPrediction_workspaceId_model_at_idx" ON "LoggedPrediction"("workspaceId", "model", "at");

-- CreateIndex
CREATE UNIQUE INDEX "LoggedPrediction_workspaceId_model_key_at_key" ON "LoggedPrediction"("workspaceId", "model", "key", "at");

-- CreateIndex
CREATE UNIQUE INDEX "LoggedOutcome_workspaceId_model_key_at_key" ON "LoggedOutcome"("workspaceId", "model", "key", "at");

-- CreateIndex
CREATE INDEX "SkewCheck_workspaceId_viewId_at_idx" ON "SkewCheck"("workspaceId", "viewId", "at");

-- CreateIndex
CREATE INDEX "OutboxMessage_channelId_createdAt_idx" ON "OutboxMessage"("channelId", "createdAt");

-- CreateIndex
CREATE INDEX "Profile_workspaceId_fingerprint_idx" ON "Profile"("workspaceId", "fingerprint");

-- CreateIndex
CREATE INDEX "Profile_datasetVersionId_idx" ON "Profile"("datasetVersionId");

-- AddForeignKey
ALTER TABLE "OutboxMessage" ADD CONSTRAINT "OutboxMessage_channelId_fkey" FOREIGN KEY ("channelId") REFERENCES "NotificationChannel"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "NotificationChannel" ADD CONSTRAINT "NotificationChannel_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LoggedPrediction" ADD CONSTRAINT "LoggedPrediction_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LoggedOutcome" ADD CONSTRAINT "LoggedOutcome_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SkewCheck" ADD CONSTRAINT "SkewCheck_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SkewCheck" ADD CONSTRAINT "SkewCheck_viewId_fkey" FOREIGN KEY ("viewId") REFERENCES "FeatureView"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
