-- CreateTable
CREATE TABLE "SplitAssignment" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "definitionVersionId" TEXT NOT NULL,
    "datasetVersionId" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "rows" BIGINT NOT NULL,
    "parts" JSONB NOT NULL,
    "classes" JSONB NOT NULL,
    "classCount" INTEGER NOT NULL,
    "warning" TEXT,
    "path" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "SplitAssignment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SplitAssignment_datasetVersionId_idx" ON "SplitAssignment"("datasetVersionId");

-- CreateIndex
CREATE UNIQUE INDEX "SplitAssignment_definitionVersionId_datasetVersionId_key" ON "SplitAssignment"("definitionVersionId", "datasetVersionId");

-- AddForeignKey
ALTER TABLE "SplitAssignment" ADD CONSTRAINT "SplitAssignment_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SplitAssignment" ADD CONSTRAINT "SplitAssignment_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SplitAssignment" ADD CONSTRAINT "SplitAssignment_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "DatasetVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
