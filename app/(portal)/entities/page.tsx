import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Entities" };

export default function Page() {
  return <DeclaredListPage path="entities" />;
}
