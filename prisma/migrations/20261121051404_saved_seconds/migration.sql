-- AlterTable
ALTER TABLE "RunStage" ADD COLUMN     "savedSeconds" DOUBLE PRECISION;
