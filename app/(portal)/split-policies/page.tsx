import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Split policies" };

export default function Page() {
  return <DeclaredListPage path="split-policies" />;
}
