-- What a request would move becomes items of its revisions, so that one request can move several things.

-- CreateTable
CREATE TABLE "ChangeItem" (
    "id" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "revisionId" TEXT NOT NULL,
    "position" INTEGER NOT NULL DEFAULT 0,
    "kind" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "featureId" TEXT,
    "modelId" TEXT,
    "featureVersionId" TEXT,
    "modelVersionId" TEXT,
    "baseFeatureVersionId" TEXT,
    "baseModelVersionId" TEXT,
    "definitionVersionId" TEXT,

    CONSTRAINT "ChangeItem_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "ChangeItem_target_check" CHECK (
      ("kind" = 'feature' AND num_nonnulls("featureId", "featureVersionId") = 2 AND num_nonnulls("modelId", "modelVersionId", "baseModelVersionId") = 0)
      OR ("kind" = 'model' AND num_nonnulls("modelId", "modelVersionId") = 2 AND num_nonnulls("featureId", "featureVersionId", "baseFeatureVersionId") = 0)
    )
);

-- CreateIndex
CREATE INDEX "ChangeItem_changeId_idx" ON "ChangeItem"("changeId");

-- CreateIndex
CREATE INDEX "ChangeItem_featureId_environment_idx" ON "ChangeItem"("featureId", "environment");

-- CreateIndex
CREATE INDEX "ChangeItem_modelId_environment_idx" ON "ChangeItem"("modelId", "environment");

-- CreateIndex
CREATE INDEX "ChangeItem_featureVersionId_idx" ON "ChangeItem"("featureVersionId");

-- CreateIndex
CREATE INDEX "ChangeItem_modelVersionId_idx" ON "ChangeItem"("modelVersionId");

-- CreateIndex
CREATE UNIQUE INDEX "ChangeItem_revisionId_position_key" ON "ChangeItem"("revisionId", "position");

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_changeId_fkey" FOREIGN KEY ("changeId") REFERENCES "ChangeRequest"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_revisionId_fkey" FOREIGN KEY ("revisionId") REFERENCES "Revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_featureId_fkey" FOREIGN KEY ("featureId") REFERENCES "Feature"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "Model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_featureVersionId_fkey" FOREIGN KEY ("featureVersionId") REFERENCES "FeatureVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_baseFeatureVersionId_fkey" FOREIGN KEY ("baseFeatureVersionId") REFERENCES "FeatureVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_baseModelVersionId_fkey" FOREIGN KEY ("baseModelVersionId") REFERENCES "ModelVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "ChangeItem" ADD CONSTRAINT "ChangeItem_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Every revision so far proposes one thing. A base that is no version any more would be no base.
INSERT INTO "ChangeItem" ("id", "changeId", "revisionId", "kind", "environment", "featureId", "modelId", "featureVersionId", "modelVersionId", "baseFeatureVersionId", "baseModelVersionId")
SELECT uuid_v7(), c."id", r."id", CASE WHEN c."featureId" IS NULL THEN 'model' ELSE 'feature' END, c."environment",
  c."featureId", c."modelId", r."versionId", r."modelVersionId", f."id", m."id"
FROM "Revision" r JOIN "ChangeRequest" c ON c."id" = r."changeId"
LEFT JOIN "FeatureVersion" f ON f."id" = r."baseVersionId" AND c."featureId" IS NOT NULL
LEFT JOIN "ModelVersion" m ON m."id" = r."baseVersionId" AND c."modelId" IS NOT NULL;

-- DropForeignKey
ALTER TABLE "ChangeRequest" DROP CONSTRAINT "ChangeRequest_featureId_fkey";

-- DropForeignKey
ALTER TABLE "ChangeRequest" DROP CONSTRAINT "ChangeRequest_modelId_fkey";

-- DropForeignKey
ALTER TABLE "Revision" DROP CONSTRAINT "Revision_modelVersionId_fkey";

-- DropForeignKey
ALTER TABLE "Revision" DROP CONSTRAINT "Revision_versionId_fkey";

-- DropIndex
DROP INDEX "ChangeRequest_featureId_idx";

-- DropIndex
DROP INDEX "ChangeRequest_modelId_idx";

-- AlterTable
ALTER TABLE "ChangeRequest" DROP COLUMN "featureId",
DROP COLUMN "modelId";

-- AlterTable
ALTER TABLE "Revision" DROP COLUMN "baseVersionId",
DROP COLUMN "modelVersionId",
DROP COLUMN "versionId";
