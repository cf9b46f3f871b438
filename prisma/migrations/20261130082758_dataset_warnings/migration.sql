-- AlterTable
ALTER TABLE "DatasetVersion" ADD COLUMN     "warnings" TEXT[] DEFAULT ARRAY[]::TEXT[];
