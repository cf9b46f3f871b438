-- AlterTable
ALTER TABLE "DeploymentJob" ADD COLUMN     "onNewData" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "seen" JSONB NOT NULL DEFAULT '{}';

-- CreateTable
CREATE TABLE "SourceWatch" (
    "id" TEXT NOT NULL,
    "sourceId" TEXT NOT NULL,
    "glance" TEXT,
    "pending" TEXT,
    "lookedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "readAt" TIMESTAMP(3),
    "error" TEXT,

    CONSTRAINT "SourceWatch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "SourceWatch_sourceId_key" ON "SourceWatch"("sourceId");

-- AddForeignKey
ALTER TABLE "SourceWatch" ADD CONSTRAINT "SourceWatch_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "Source"("id") ON DELETE CASCADE ON UPDATE CASCADE;
