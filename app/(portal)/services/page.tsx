import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Feature services" };

export default function Page() {
  return <DeclaredListPage path="services" />;
}
