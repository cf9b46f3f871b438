-- A fit and a model version say which engine made them, how they are kept and where. All that there are were made by the local engine,
-- which keeps what it learned in the fit's own row; with which code and in which environment nobody recorded.
ALTER TABLE "Fit" ADD COLUMN "engine" TEXT NOT NULL DEFAULT 'local',
ADD COLUMN "format" TEXT NOT NULL DEFAULT 'tributary-sql',
ADD COLUMN "uri" TEXT,
ADD COLUMN "externalId" TEXT,
ADD COLUMN "codeDigest" TEXT,
ADD COLUMN "environmentDigest" TEXT;
UPDATE "Fit" SET "uri" = 'tributary:fits/' || "id";
ALTER TABLE "Fit" ALTER COLUMN "engine" DROP DEFAULT, ALTER COLUMN "format" DROP DEFAULT, ALTER COLUMN "uri" SET NOT NULL;

ALTER TABLE "ModelVersion" ADD COLUMN "engine" TEXT NOT NULL DEFAULT 'local',
ADD COLUMN "format" TEXT NOT NULL DEFAULT 'tributary-sql',
ADD COLUMN "uri" TEXT,
ADD COLUMN "externalId" TEXT;
UPDATE "ModelVersion" SET "uri" = 'tributary:fits/' || "fitId";
ALTER TABLE "ModelVersion" ALTER COLUMN "engine" DROP DEFAULT, ALTER COLUMN "format" DROP DEFAULT, ALTER COLUMN "uri" SET NOT NULL,
ALTER COLUMN "fitId" DROP NOT NULL,
ALTER COLUMN "runId" DROP NOT NULL,
ALTER COLUMN "variantId" DROP NOT NULL;
ALTER TABLE "ModelVersion" ADD CONSTRAINT "ModelVersion_fitted_here_or_elsewhere"
CHECK (num_nulls("fitId", "runId", "variantId") IN (0, 3));
