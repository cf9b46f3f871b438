-- What was worked out over one revision of a workspace's documents is not written over another.
ALTER TABLE "Workspace" ADD COLUMN     "specRevision" INTEGER NOT NULL DEFAULT 0;

-- The trigger takes four times as long as the rest of an INSERT. Who inserts thousands of rows writes their first versions by one
-- statement and says so by naming them.
DROP TRIGGER entity_first_version ON "Entity";
CREATE TRIGGER entity_first_version BEFORE INSERT ON "Entity" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER source_first_version ON "Source";
CREATE TRIGGER source_first_version BEFORE INSERT ON "Source" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER split_policy_first_version ON "SplitPolicy";
CREATE TRIGGER split_policy_first_version BEFORE INSERT ON "SplitPolicy" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER stage_first_version ON "Stage";
CREATE TRIGGER stage_first_version BEFORE INSERT ON "Stage" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_first_version ON "Feature";
CREATE TRIGGER feature_first_version BEFORE INSERT ON "Feature" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_view_first_version ON "FeatureView";
CREATE TRIGGER feature_view_first_version BEFORE INSERT ON "FeatureView" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_service_first_version ON "FeatureService";
CREATE TRIGGER feature_service_first_version BEFORE INSERT ON "FeatureService" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER pipeline_first_version ON "Pipeline";
CREATE TRIGGER pipeline_first_version BEFORE INSERT ON "Pipeline" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER monitor_first_version ON "Monitor";
CREATE TRIGGER monitor_first_version BEFORE INSERT ON "Monitor" FOR EACH ROW WHEN (NEW."definitionVersionId" = '') EXECUTE FUNCTION keep_definition_version();
