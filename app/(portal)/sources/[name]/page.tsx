import { permanentRedirect } from "next/navigation";

/** A source is a dataset; old links go on working. */
export default async function SourcePage({ params }: { params: Promise<{ name: string }> }) {
  permanentRedirect(`/datasets/${(await params).name}`);
}
