-- AlterTable
ALTER TABLE "LeakageVerdict" ADD COLUMN     "earlier" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "rules" INTEGER;
