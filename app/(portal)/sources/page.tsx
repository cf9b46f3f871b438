import { permanentRedirect } from "next/navigation";

/** Sources are among the datasets; old links go on working. */
export default function SourcesPage() {
  permanentRedirect("/datasets?kind=source");
}
