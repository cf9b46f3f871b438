-- As with new rows: who changes thousands of them writes their next versions by one statement, and says so by naming them.
DROP TRIGGER entity_next_version ON "Entity";
CREATE TRIGGER entity_next_version BEFORE UPDATE ON "Entity" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER source_next_version ON "Source";
CREATE TRIGGER source_next_version BEFORE UPDATE ON "Source" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER split_policy_next_version ON "SplitPolicy";
CREATE TRIGGER split_policy_next_version BEFORE UPDATE ON "SplitPolicy" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER stage_next_version ON "Stage";
CREATE TRIGGER stage_next_version BEFORE UPDATE ON "Stage" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_next_version ON "Feature";
CREATE TRIGGER feature_next_version BEFORE UPDATE ON "Feature" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_view_next_version ON "FeatureView";
CREATE TRIGGER feature_view_next_version BEFORE UPDATE ON "FeatureView" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER feature_service_next_version ON "FeatureService";
CREATE TRIGGER feature_service_next_version BEFORE UPDATE ON "FeatureService" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER pipeline_next_version ON "Pipeline";
CREATE TRIGGER pipeline_next_version BEFORE UPDATE ON "Pipeline" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
DROP TRIGGER monitor_next_version ON "Monitor";
CREATE TRIGGER monitor_next_version BEFORE UPDATE ON "Monitor" FOR EACH ROW WHEN (OLD."definition" IS DISTINCT FROM NEW."definition" AND OLD."definitionVersionId" = NEW."definitionVersionId") EXECUTE FUNCTION keep_definition_version();
