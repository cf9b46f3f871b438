import type { Metadata } from "next";
import { DeclaredListPage } from "../declared";

export const metadata: Metadata = { title: "Feature views" };

export default function Page() {
  return <DeclaredListPage path="views" />;
}
