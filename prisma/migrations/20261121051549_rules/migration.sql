-- AlterTable
ALTER TABLE "DatasetVersion" ADD COLUMN     "quarantinedAt" TIMESTAMP(3);

-- CreateTable
CREATE TABLE "RuleCheck" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "datasetVersionId" TEXT NOT NULL,
    "rulesDigest" TEXT NOT NULL,
    "success" BOOLEAN NOT NULL,
    "evaluated" INTEGER NOT NULL,
    "failed" INTEGER NOT NULL,
    "critical" INTEGER NOT NULL,
    "result" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "RuleCheck_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "RuleCheck_datasetVersionId_rulesDigest_key" ON "RuleCheck"("datasetVersionId", "rulesDigest");

-- AddForeignKey
ALTER TABLE "RuleCheck" ADD CONSTRAINT "RuleCheck_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RuleCheck" ADD CONSTRAINT "RuleCheck_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "DatasetVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
