// Elements, made in one expression.

/**
 * @param properties Of the element; with `data-`, `aria-` or another hyphen in the name, and for `role` and `for`, an
 *   attribute.
 */
export function h<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  properties: Record<string, unknown> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-') || name === 'role' || name === 'for') {
      element.setAttribute(name, String(value));
    } else {
      Object.assign(element, { [name]: value });
    }
  }
  element.append(...children);
  return element;
}

/**
 * Makes these the children of an element. Those that stay are not touched as long as they stay in
 * order: an element that is taken out and put in again has lost the focus.
 */
export function setChildren(parent: Element, children: Element[]) {
  for (const child of [...parent.childNodes]) {
    if (!children.includes(child as Element)) {
      child.remove();
    }
  }
  let next = parent.firstChild;
  for (const child of children) {
    if (child === next) {
      next = next.nextSibling;
    } else {
      parent.insertBefore(child, next);
    }
  }
}

/** The element of the page with that id. */
export function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`The page has no element "${id}".`);
  }
  return element as T;
}
