import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Pipelines" };

export default function Page() {
  return <DeclaredListPage path="pipelines" />;
}
