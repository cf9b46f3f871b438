-- AlterTable
ALTER TABLE "ModelVersion" ADD COLUMN     "testRows" TEXT;

-- AlterTable
ALTER TABLE "VersionEvaluation" ADD COLUMN     "testRows" TEXT;

-- CreateIndex
CREATE INDEX "ModelVersion_testRows_idx" ON "ModelVersion"("testRows");

-- CreateIndex
CREATE INDEX "VersionEvaluation_testRows_idx" ON "VersionEvaluation"("testRows");
