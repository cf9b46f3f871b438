-- AlterTable
ALTER TABLE "DatasetVersion" ADD COLUMN     "heldBy" TEXT[] DEFAULT ARRAY[]::TEXT[];
