-- Free keys and values of declared objects. None was declared before.
ALTER TABLE "Source" ADD COLUMN "meta" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "Stage" ADD COLUMN "meta" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "Feature" ADD COLUMN "meta" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "Pipeline" ADD COLUMN "meta" JSONB NOT NULL DEFAULT '{}';
