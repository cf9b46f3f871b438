import { portal } from "./portal";

export default async function HomePage() {
  const { workspace } = await portal();
  return <h1>{workspace.title}</h1>;
}
