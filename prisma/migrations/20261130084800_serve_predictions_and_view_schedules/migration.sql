-- DropForeignKey
ALTER TABLE "Alert" DROP CONSTRAINT "Alert_monitorId_fkey";

-- AlterTable
ALTER TABLE "Alert" ADD COLUMN     "viewId" TEXT,
ALTER COLUMN "monitorId" DROP NOT NULL;

-- AlterTable
ALTER TABLE "FeatureValues" ADD COLUMN     "environment" TEXT;

-- AlterTable
ALTER TABLE "FeatureView" ADD COLUMN     "freshnessSeconds" INTEGER,
ADD COLUMN     "nextRunAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Materialisation" ADD COLUMN     "environment" TEXT;

-- CreateIndex
CREATE INDEX "Alert_viewId_idx" ON "Alert"("viewId");

-- CreateIndex
CREATE INDEX "FeatureView_nextRunAt_idx" ON "FeatureView"("nextRunAt");

-- AddForeignKey
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_monitorId_fkey" FOREIGN KEY ("monitorId") REFERENCES "Monitor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_viewId_fkey" FOREIGN KEY ("viewId") REFERENCES "FeatureView"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- An alert is about a monitor or about a view.
ALTER TABLE "Alert" ADD CONSTRAINT "Alert_about_one_thing" CHECK (("monitorId" IS NULL) <> ("viewId" IS NULL));
