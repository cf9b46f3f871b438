import { notFound } from "next/navigation";

/** Whatever is at no address of the portal is not found inside its frame, with the navigation at hand. */
export default function Nowhere() {
  notFound();
}
