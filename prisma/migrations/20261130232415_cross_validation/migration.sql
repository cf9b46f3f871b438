-- AlterTable
ALTER TABLE "Fit" ADD COLUMN     "fold" TEXT;

-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "crossValidation" JSONB;
