-- CreateTable
CREATE TABLE "ProfileFigures" (
    "profileId" TEXT NOT NULL,
    "stats" JSON NOT NULL,
    "equalWidth" JSON,

    CONSTRAINT "ProfileFigures_pkey" PRIMARY KEY ("profileId")
);

INSERT INTO "ProfileFigures" ("profileId", "stats", "equalWidth") SELECT "id", "stats", "equalWidth" FROM "Profile";

-- AddForeignKey
ALTER TABLE "ProfileFigures" ADD CONSTRAINT "ProfileFigures_profileId_fkey" FOREIGN KEY ("profileId") REFERENCES "Profile"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AlterTable
ALTER TABLE "Profile" DROP COLUMN "equalWidth",
DROP COLUMN "stats";

-- Writes the rows anew without what they have lost, in the order in which they are read.
CLUSTER "Profile" USING "Profile_featureVersionId_windowFrom_idx";
