import { permanentRedirect } from "next/navigation";

export default function DatasetsPage() {
  permanentRedirect("/sources");
}
