import { permanentRedirect } from "next/navigation";

/** A dataset is a version of a source: its page is the source's. */
export default async function DatasetPage({ params }: { params: Promise<{ name: string }> }) {
  permanentRedirect(`/sources/${(await params).name}`);
}
