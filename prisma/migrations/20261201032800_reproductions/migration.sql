-- AlterTable
ALTER TABLE "DatasetVersion" ADD COLUMN     "expiredAt" TIMESTAMP(3),
ADD COLUMN     "keptAt" TIMESTAMP(3),
ADD COLUMN     "notKept" TEXT;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "seeds" JSONB;

-- AlterTable
ALTER TABLE "Workspace" ADD COLUMN     "retentionDays" INTEGER DEFAULT 90;

-- CreateTable
CREATE TABLE "DatasetPin" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "datasetVersionId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "DatasetPin_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reproduction" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "runId" TEXT,
    "trainingDatasetId" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "message" TEXT NOT NULL DEFAULT '',
    "verdict" TEXT,
    "report" JSONB,
    "error" TEXT,
    "requestedBy" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "Reproduction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "DatasetPin_datasetVersionId_key" ON "DatasetPin"("datasetVersionId");

-- CreateIndex
CREATE INDEX "DatasetPin_workspaceId_idx" ON "DatasetPin"("workspaceId");

-- CreateIndex
CREATE INDEX "Reproduction_workspaceId_idx" ON "Reproduction"("workspaceId");

-- CreateIndex
CREATE INDEX "Reproduction_runId_createdAt_idx" ON "Reproduction"("runId", "createdAt");

-- CreateIndex
CREATE INDEX "Reproduction_trainingDatasetId_createdAt_idx" ON "Reproduction"("trainingDatasetId", "createdAt");

-- AddForeignKey
ALTER TABLE "DatasetPin" ADD CONSTRAINT "DatasetPin_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DatasetPin" ADD CONSTRAINT "DatasetPin_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "DatasetVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_runId_fkey" FOREIGN KEY ("runId") REFERENCES "Run"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_trainingDatasetId_fkey" FOREIGN KEY ("trainingDatasetId") REFERENCES "TrainingDataset"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A reproduction is of a run, or of a training dataset.
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_of_one_thing" CHECK (("runId" IS NULL) <> ("trainingDatasetId" IS NULL));
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_state" CHECK ("state" IN ('queued', 'running', 'done', 'failed'));
ALTER TABLE "Reproduction" ADD CONSTRAINT "Reproduction_verdict" CHECK ("verdict" IN ('REPRODUCIBLE', 'DRIFTED', 'EXPIRED'));
ALTER TABLE "Workspace" ADD CONSTRAINT "Workspace_retention" CHECK ("retentionDays" >= 0);
