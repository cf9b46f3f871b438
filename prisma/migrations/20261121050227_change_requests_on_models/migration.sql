-- AlterTable
ALTER TABLE "ChangeRequest" ADD COLUMN     "modelId" TEXT,
ALTER COLUMN "featureId" DROP NOT NULL;

-- AlterTable
ALTER TABLE "Revision" ADD COLUMN     "modelVersionId" TEXT,
ALTER COLUMN "versionId" DROP NOT NULL;

-- CreateIndex
CREATE INDEX "ChangeRequest_featureId_idx" ON "ChangeRequest"("featureId");

-- CreateIndex
CREATE INDEX "ChangeRequest_modelId_idx" ON "ChangeRequest"("modelId");

-- AddForeignKey
ALTER TABLE "ChangeRequest" ADD CONSTRAINT "ChangeRequest_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A request moves the pointer of a feature or the alias of a model, and its revisions propose a version of the same kind.
ALTER TABLE "ChangeRequest" ADD CONSTRAINT "ChangeRequest_subject_check" CHECK (num_nonnulls("featureId", "modelId") = 1);
ALTER TABLE "Revision" ADD CONSTRAINT "Revision_subject_check" CHECK (num_nonnulls("versionId", "modelVersionId") = 1);
