import { DeclaredObjectPage, declaredMetadata } from "../../declared";

export const generateMetadata = declaredMetadata;

export default function Page({ params }: { params: Promise<{ name: string }> }) {
  return <DeclaredObjectPage path="monitors" params={params} />;
}
