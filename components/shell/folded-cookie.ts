/** The cookie that remembers a folded navigation, so that the server draws it folded and nothing jumps. */
export const FOLDED_COOKIE = "tributary-navigation";
