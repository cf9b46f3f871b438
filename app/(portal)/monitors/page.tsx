import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Monitors" };

export default function Page() {
  return <DeclaredListPage path="monitors" />;
}
