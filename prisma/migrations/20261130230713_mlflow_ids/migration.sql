-- AlterTable
ALTER TABLE "ModelAlias" ADD COLUMN     "externalVersion" TEXT;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "externalId" TEXT;
