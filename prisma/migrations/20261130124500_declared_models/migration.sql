-- Models are declared objects too, whose versions come from runs or from elsewhere. Nobody described those that there are: each gets the
-- document that says no more than its name.
ALTER TABLE "DefinitionVersion" DROP CONSTRAINT "DefinitionVersion_kind_check";
ALTER TABLE "DefinitionVersion" ADD CONSTRAINT "DefinitionVersion_kind_check" CHECK ("kind" IN ('Workspace', 'Entity', 'Source', 'SplitPolicy', 'Stage', 'Feature', 'FeatureView', 'FeatureService', 'Pipeline', 'Model', 'Monitor'));

ALTER TABLE "Model" ADD COLUMN "description" TEXT NOT NULL DEFAULT '',
ADD COLUMN "owner" TEXT NOT NULL DEFAULT '',
ADD COLUMN "tags" TEXT[],
ADD COLUMN "intendedUse" TEXT NOT NULL DEFAULT '',
ADD COLUMN "meta" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN "declared" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN "definition" JSONB,
ADD COLUMN "digest" TEXT,
ADD COLUMN "definitionVersionId" TEXT NOT NULL DEFAULT '',
ADD COLUMN "updatedBy" TEXT;
-- The canonical JSON of a document that is nothing but its kind and a name of a-z, 0-9 and _.
UPDATE "Model" SET "definition" = jsonb_build_object('kind', 'Model', 'name', "name"), "updatedBy" = "createdBy",
  "digest" = encode(sha256(convert_to('{"kind":"Model","name":' || to_json("name")::text || '}', 'UTF8')), 'hex');
INSERT INTO "DefinitionVersion" ("id", "workspaceId", "kind", "objectId", "name", "version", "digest", "definition", "createdAt", "createdBy")
SELECT uuid_v7(), "workspaceId", 'Model', "id", "name", 1, "digest", "definition", "createdAt", "createdBy" FROM "Model";
UPDATE "Model" t SET "definitionVersionId" = d."id" FROM "DefinitionVersion" d WHERE d."objectId" = t."id" AND d."kind" = 'Model';
ALTER TABLE "Model" ALTER COLUMN "definition" SET NOT NULL,
ALTER COLUMN "digest" SET NOT NULL,
ALTER COLUMN "updatedBy" SET NOT NULL;
ALTER TABLE "Model" ADD CONSTRAINT "Model_definitionVersionId_fkey" FOREIGN KEY ("definitionVersionId") REFERENCES "DefinitionVersion"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TRIGGER model_first_version BEFORE INSERT ON "Model" FOR EACH ROW EXECUTE FUNCTION keep_definition_version();
CREATE TRIGGER model_next_version BEFORE UPDATE ON "Model" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition") EXECUTE FUNCTION keep_definition_version();
